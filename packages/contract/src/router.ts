// The contract: one router in the shape of the CLI.
import { configRouter } from './config/router.ts'
import { daemonRouter } from './daemon/router.ts'
import { deliveryRouter, queueRouter } from './deliveries/router.ts'
import { eventProcedures } from './events/router.ts'
import { goalRouter } from './goals/router.ts'
import { historyProcedures } from './lanes/history-router.ts'
import { laneActionProcedures, laneProcedures } from './lanes/router.ts'
import { localProcedures } from './local/router.ts'
import { router } from './procedure.ts'
import { serviceRouter } from './service/router.ts'
import { sessionProcedures } from './sessions/router.ts'
import { modelProcedures } from './models/router.ts'
import { notifyProcedures } from './notify/router.ts'
import { registryRouter } from './registry/router.ts'
import { requestRouter } from './requests/router.ts'
import { skillsRouter } from './skills/router.ts'
import { triggerRouter } from './triggers/router.ts'
import { stopProcedures, turnProcedures } from './turns/router.ts'

/** Every op of dispatch. */
export const appRouter = router({
  // The order of help texts.
  ...laneProcedures,
  ...turnProcedures,
  ...eventProcedures,
  ...stopProcedures,
  ...laneActionProcedures,
  ...historyProcedures,
  ...sessionProcedures,
  ...modelProcedures,
  ...notifyProcedures,
  ...localProcedures,
  goal: goalRouter,
  queue: queueRouter,
  delivery: deliveryRouter,
  request: requestRouter,
  trigger: triggerRouter,
  config: configRouter,
  daemon: daemonRouter,
  registry: registryRouter,
  service: serviceRouter,
  skills: skillsRouter,
})

/** The router's type, for typed clients. */
export type AppRouter = typeof appRouter
