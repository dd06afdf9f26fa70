/**
 * A stand-in for `codex app-server` as a program, for faults that the real one does not produce on
 * demand. What is imported is where it lies, how its faults are written, and the gates that they wait at.
 */
import { fileURLToPath } from 'node:url'

/** The program's path, for where a test says which `codex` to start. */
export const fakeCodexPath = fileURLToPath(new URL('../bin/codex.mjs', import.meta.url))

/** Where the server waits until a test lets it go on: a fault `gate`. */
export { type Gate, makeGate } from './gate.ts'

/** What the file named by FAKE_CODEX_SCENARIO says. */
export type {
  Action,
  Fault,
  Flood,
  Message,
  Moment,
  Scenario,
  TurnPoint,
  TurnScript,
} from './scenario.ts'
