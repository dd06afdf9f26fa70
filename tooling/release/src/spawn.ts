// Runs a program of the build and fails with what it said.
import { execFile } from 'node:child_process'
import { workspace } from './layout.ts'

/** Runs a program at the root of the workspace; gives its output. */
export const runProgram = (program: string, args: readonly string[]): Promise<string> =>
  new Promise((done, fail) => {
    execFile(program, args, { cwd: workspace }, (error, stdout, stderr) => {
      if (error) fail(new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`))
      else done(stdout)
    })
  })
