// The ops on the daemon itself, put together of the rooms of its status and of its audit trail.
import type { DaemonServices } from '@dispatch/contract'
import { makeAuditService } from '../audit/audit-service.ts'
import { readStatus, type StatusOptions } from '../status/daemon-status.ts'
import { makeRegistryStatus } from '../status/registry-status.ts'
import { makeShutdown, makeShutdownPlan } from '../status/shutdown.ts'

type DaemonOpsOptions = Omit<StatusOptions, 'registry'> &
  Parameters<typeof makeShutdown>[0] &
  Parameters<typeof makeAuditService>[0] & {
    /** What a person should know now. */
    problems: () => string[]
  }

/** Makes them. */
export const makeDaemonOps = (options: DaemonOpsOptions): DaemonServices['daemon'] => {
  const registry = makeRegistryStatus(options.store)
  return {
    status: () =>
      readStatus({ ...options, registry, notices: [...options.notices, ...options.problems()] }),
    ...makeAuditService(options),
    shutdownPlan: makeShutdownPlan(options),
    shutdown: makeShutdown(options),
  }
}
