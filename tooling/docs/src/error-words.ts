// When each error code is thrown, in this version: what the taxonomy itself does not say. The type
// makes a new code without words a fault of the compiler.
import type { ErrorCode } from '@dispatch/contract'

/** When a code comes, one or two sentences each. */
export const errorWords: Record<ErrorCode, string> = {
  internal:
    'A fault of dispatch, a damaged registry or a full disk. Also a confirmation that was answered with no.',
  validation:
    'The input is wrong, a selector fits several lanes, a directory is missing, or something that must hold does not: no active turn to stop, an archived or ephemeral lane, a home that is not private.',
  usage:
    'Only from the command line: an unknown command or flag, a missing argument, a missing confirmation. The hint names the nearest command.',
  timeout: '`wait`, `--wait` or `down --drain` ran out of the time that `--timeout` gave.',
  not_found: 'There is no lane, no thread or no command of that name.',
  lane_busy:
    'The lane has an active turn, or a message whose fate is not known; or `down` and `restart --codex` found turns that run.',
  approval_required:
    'A person is asked and the lane waits; `dispatch request list` shows what for.',
  authority:
    'The lane is attached: dispatch reads it and writes neither its turns nor its history. `adopt` changes that.',
  app_server: 'Codex is missing, does not answer, or said no.',
  daemon_unreachable: 'The daemon is not running and was not to be started, or did not answer.',
  conflict:
    'Something belongs to another: the registry is of another program or a newer dispatch, the home is held by another daemon, its lanes live in another CODEX_HOME, or another process has the thread open.',
  turn_failed: '`wait` or `--wait`: the turn failed or was interrupted.',
}
