// @dispatch/mcp/derived: what hosts are told, as data, for those who show it. Loads neither the SDK nor the
// client.
/** The prompts of the server. */
export { prompts } from './prompts.ts'
/** What of a manifest can be read by address. */
export { type ResourceKind, resourcesOf } from './resource.ts'
/** The tools of a manifest. */
export { manifestToTools, type Tool, type ToolEntry, type ToolMode } from '@dispatch/tools'
