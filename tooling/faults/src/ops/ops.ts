// Every op that scripts choose among; a new one is added here.
import { agentOps } from './agents.ts'
import { goalOps } from './goals.ts'
import { messageOps } from './messages.ts'
import type { Op } from './op.ts'
import { queueOps } from './queue.ts'
import { requestOps } from './requests.ts'
import { triggerOps } from './triggers.ts'
import { turnOps } from './turns.ts'

/** The ops. */
export const ops: readonly Op[] = [
  ...messageOps,
  ...queueOps,
  ...turnOps,
  ...goalOps,
  ...requestOps,
  ...triggerOps,
  ...agentOps,
]
