// The port's local half as the daemon has it: surfaces carry those ops out themselves.
import { DispatchError, type LocalServices } from '@dispatch/contract'

const refuse = (): never => {
  throw new DispatchError('validation', 'This op is carried out by the caller, not by the daemon.')
}

/** Refuses every local op. */
export const localOnly: LocalServices = {
  up: refuse,
  down: refuse,
  restart: refuse,
  doctor: refuse,
  schema: refuse,
  mcp: refuse,
  completion: refuse,
  demo: refuse,
  scenario: refuse,
  top: refuse,
  open: refuse,
  daemon: { logs: refuse, logsFollow: refuse },
  config: { show: refuse },
  service: { install: refuse, uninstall: refuse, status: refuse },
  skills: { path: refuse },
  registry: { migrate: refuse, backup: refuse, restore: refuse, verify: refuse, prune: refuse },
}
