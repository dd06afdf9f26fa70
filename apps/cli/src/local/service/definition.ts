// What a service of the daemon is made of, whoever starts it: the program, its environment, the home.
// No secret goes into a file of the system: of the environment only where things are.

/** A service. */
export type Definition = {
  /** Made of the home: each has its own. */
  name: string
  /** The version of dispatch. */
  version: string
  home: string
  command: readonly string[]
  env: Readonly<Record<string, string>>
}

const PLACES = [
  'PATH',
  'DISPATCH_HOME',
  'DISPATCH_SOCKET',
  'DISPATCH_DB',
  'DISPATCH_PIDFILE',
  'DISPATCH_CODEX',
  'CODEX_HOME',
] as const

/** The part of an environment that says where things are. */
export const placesOf = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(PLACES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))

/** What stands in every file of ours. */
export const MARK = 'Made by dispatch service install'
