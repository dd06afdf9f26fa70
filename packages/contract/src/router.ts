// The contract: one router in the shape of the CLI.
import { daemonRouter } from './daemon/router.ts'
import { laneProcedures } from './lanes/router.ts'
import { localProcedures } from './local/router.ts'
import { router } from './procedure.ts'

/** Every op of dispatch. */
export const appRouter = router({ ...laneProcedures, ...localProcedures, daemon: daemonRouter })

/** The router's type, for typed clients. */
export type AppRouter = typeof appRouter
