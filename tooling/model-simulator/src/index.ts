/**
 * A simulated model on loopback for the real Codex: scripted by the message's own text or by a
 * scenario, deterministic, logging what it was asked. The directives are listed in README.md.
 */

/** Starts a simulator; `await using` closes it and every answer that is still open. */
export { makeModelSimulator } from './model-simulator.ts'
export type { ModelSimulator, ModelSimulatorOptions } from './model-simulator.ts'

/** The config.toml for a Codex that asks the simulator, and a CODEX_HOME with it. */
export { codexConfig, prepareCodexHome, prepareOpenaiHome } from './codex-config.ts'
export type { CodexConfigOptions } from './codex-config.ts'

/** Answers by the prompt in the place of the message's own text; the first rule that fits. */
export { rulesToScenario } from './scenario.ts'
export type { Scenario, ScenarioRule } from './scenario.ts'

/** What the simulator was asked. */
export type { ListedTool, ModelRequest, Outcome, PromptKind, ToolOutput } from './model-request.ts'
export type { Prompt } from './prompt.ts'

/** Time, for a test that wants its own. */
export type { Clock } from './clock.ts'
