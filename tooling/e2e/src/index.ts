// @dispatch/e2e: the worlds in which end-to-end tests happen.

/** A throw-away home with the real Codex, a simulated model and the `dispatch` of this workspace. */
export { type Answer, type Bin, makeWorld, type World, type WorldOptions } from './world.ts'
/** A program on the whole screen of a terminal. */
export { openScreen, type Screen, type ScreenSize, type Write } from './screen.ts'
/** A program in a terminal. */
export { openTerminal, type Terminal } from './terminal.ts'
/** Programs that a test runs. */
export { follow, type Program, type Ran, run, type Running } from './spawn.ts'
