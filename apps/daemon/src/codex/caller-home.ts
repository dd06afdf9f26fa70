// Says so where a lane comes to be in the daemon's CODEX_HOME while the caller's shell means another:
// there it would look for the thread in vain. One place for all ops of that kind.
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Call, type DaemonServices, DispatchError } from '@dispatch/contract'

const placeOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

/** Whether both name the same directory, by whatever path. */
export const isSameHome = (one: string, other: string): boolean =>
  one === other || placeOf(one) === placeOf(other)

/** Where the daemon's is not the caller's: what is so, and the way out. */
export const homesToWays = (daemon: string, caller: string) => ({
  fact: `The daemon works with another CODEX_HOME, ${daemon}, than this shell, ${caller}.`,
  wayOut: `Set CODEX_HOME=${daemon} here, or another DISPATCH_HOME for ${caller}`,
})

type Noted = { notes: string[] }
type Method<Input, Answer> = (input: Input, call: Call) => Answer | Promise<Answer>

/** The services, of which those that make or take lanes tell a caller of another CODEX_HOME. */
export const tellHomes = (services: DaemonServices, own: string): DaemonServices => {
  const otherOf = ({ codexHome }: Call) =>
    typeof codexHome === 'string' && !isSameHome(own, codexHome)
      ? homesToWays(own, codexHome)
      : null

  const telling =
    <Input, Answer extends Noted>(method: Method<Input, Answer>): Method<Input, Answer> =>
    async (input, call) => {
      const other = otherOf(call)
      const answer = await method(input, call)
      if (other === null) return answer
      return { ...answer, notes: [...answer.notes, `${other.fact} ${other.wayOut}.`] }
    }

  // A thread that Codex does not have here may well be in the caller's own.
  const lookingThere =
    <Input, Answer>(method: Method<Input, Answer>): Method<Input, Answer> =>
    async (input, call) => {
      const other = otherOf(call)
      try {
        return await method(input, call)
      } catch (error) {
        if (other === null || !(error instanceof DispatchError) || error.code !== 'not_found')
          throw error
        const { message, details } = error
        throw new DispatchError('not_found', `${message} ${other.fact}`, {
          hint: other.wayOut,
          cause: error,
          ...(details ? { details } : {}),
        })
      }
    }

  return {
    ...services,
    new: telling(services.new),
    run: telling(services.run),
    fork: telling(services.fork),
    adopt: telling(services.adopt),
    attach: lookingThere(telling(services.attach)),
  }
}
