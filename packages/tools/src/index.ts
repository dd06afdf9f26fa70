// @dispatch/tools: the contract as tools that a model is offered, whoever serves them: what they are called,
// what they take, and how a call of one becomes the call of an op. Pure; loads neither zod nor an SDK.
/** What an op answered, or its error, in the words of the tool that was called, with calls of tools for commands. */
export { answerInWords, type Called, errorInWords, type Listener } from './call-words.ts'
/** The error of a call that destroys and is not confirmed. */
export { type Plan, unconfirmed } from './confirmation.ts'
/** The name that a field of an op has in the tool of its group. */
export { groupedField } from './input-schema.ts'
/** The tools of agents in lanes: those of the ops whose meta offers them. */
export { type LaneTool, type Offer, opsToOffer, type ToolSpec } from './offer.ts'
/** From the arguments of a call to an op and its input; throws `validation`. */
export { type Routed, routeCall } from './route.ts'
/** The ops of a manifest that are tools, and whether a call of one may need to be confirmed. */
export { takesConfirm, type ToolOp, toolOpsOf } from './tool-op.ts'
/** The tools of a manifest, by op or by group. */
export { manifestToTools, type Tool, type ToolEntry, type ToolMode } from './tool.ts'
