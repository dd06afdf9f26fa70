// @dispatch/mcp/tools: the tools as data, for those who show them. Loads neither the SDK nor the client.
/** Derives the tools of a manifest. */
export { manifestToTools, type Tool, type ToolEntry, type ToolMode } from './tool.ts'
