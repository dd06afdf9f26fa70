// The hash of the contract, for hellos. To walk the contract takes a tenth of a start, so a release has
// the value in the place of this module.
import { appRouter, describeRouter } from '@dispatch/contract'

export const contractHash = describeRouter(appRouter).hash
