// What `down` was waiting for when its time ran out, in words.
import { DispatchError } from '@dispatch/contract/errors'

/** turns: until none runs. end: the end of processes that were told to. held: a daemon that holds the home and does not listen, because it starts or ends. */
export type DownWait = 'turns' | 'end' | 'held'

const words: Record<DownWait, { what: string; hint: string }> = {
  turns: { what: 'Turns still run', hint: 'dispatch down --force --yes' },
  end: { what: 'The daemon was told to end and still does', hint: 'dispatch down' },
  held: { what: 'A daemon that starts or ends still holds the home', hint: 'dispatch down' },
}

/** The error of a wait that ran out. */
export const makeDownTimeout = (wait: DownWait, seconds: number): DispatchError => {
  const { what, hint } = words[wait]
  return new DispatchError('timeout', `${what} after ${seconds} s.`, {
    hint,
    details: { waitedFor: wait },
  })
}
