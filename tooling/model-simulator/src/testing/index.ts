/** For tests with the real Codex; not part of what is shipped. */

/** The native binary of the installed Codex package and its version. */
export { findCodexBinary } from './codex-binary.ts'
export type { CodexBinary } from './codex-binary.ts'

/** A CODEX_HOME past its first start, made once a machine and copied for each test. */
export { makeCodexHomeTemplate } from './codex-home-template.ts'
export type { CodexHomeTemplate, CodexHomeTemplateOptions } from './codex-home-template.ts'

/** An app-server of one's own over stdio, as another Codex program has it. */
export { makeAppServer } from './app-server.ts'
export type { AppServer } from './app-server.ts'
