// up, down, restart: the client package's, for the home and the daemon of this run.
import { type Lifecycle, makeLifecycle } from '@dispatch/client'
import { clientOptions } from '../connection/client-options.ts'
import type { Setting } from '../execute.ts'

/** The daemon's life in one run. */
export const lifeOf = (setting: Setting): Lifecycle => makeLifecycle(clientOptions(setting))
