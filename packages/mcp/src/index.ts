// @dispatch/mcp: dispatch for hosts of MCP. Loads the SDK, so it is loaded by who serves alone.
/** Serves the contract over a pipe, until that ends. */
export { type McpOptions, serveMcp } from './serve.ts'
