// A stand-in for both halves of the port: it takes every method there could be, notes what was called
// with what, and answers what it is told to.
import type { Call } from '../src/call.ts'
import type { DaemonServices, LocalServices } from '../src/port.ts'

export type Recorded = { half: 'services' | 'local'; method: string; input: unknown; call: unknown }

export type RecordingPort = {
  services: DaemonServices
  local: LocalServices
  recorded: Recorded[]
}

const halfOf = (note: (method: string, args: unknown[]) => unknown, path: string[]): unknown =>
  new Proxy(() => {}, {
    get: (_target, name) => halfOf(note, [...path, String(name)]),
    apply: (_target, _self, args: unknown[]) => note(path.join('.'), args),
  })

/** A port whose every method answers `answer`. */
export const makeRecordingPort = (answer: () => unknown): RecordingPort => {
  const recorded: Recorded[] = []
  const note = (half: Recorded['half']) => (method: string, args: unknown[]) => {
    const [input, call] = args
    recorded.push({ half, method, input, call })
    return answer()
  }
  return {
    services: halfOf(note('services'), []) as DaemonServices,
    local: halfOf(note('local'), []) as LocalServices,
    recorded,
  }
}

/** The circumstances of a call in a test. */
export const aCall = (): Call => ({
  id: '019a0000-0000-7000-8000-000000000000',
  caller: 'client',
  cwd: '/work',
  zone: 'UTC',
  threadId: null,
  after: null,
  signal: new AbortController().signal,
})
