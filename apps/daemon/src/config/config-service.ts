// config trust, as the op that it is: audited, with what was granted.
import type { DaemonServices } from '@dispatch/contract'
import type { Audit } from '../audit/audit.ts'
import type { Configuration } from './configuration.ts'

/** Makes the daemon's ops on the configuration. */
export const makeConfigService = (options: {
  configuration: Configuration
  audit: Audit
}): DaemonServices['config'] => ({
  trust: (input, call) =>
    options.audit.run('config.trust', call, async (note) => {
      const result = options.configuration.trust(input, call.cwd)
      const { file, hash, trusted, grants } = result
      note.detail({ file, hash, trusted, grants })
      return result
    }),
})
