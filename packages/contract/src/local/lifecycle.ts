// up, down, restart: the daemon's life, carried out by the surface.
import { z } from 'zod'
import { Seconds } from '../fields.ts'

export const UpInput = z.strictObject({})

export const UpResult = z.strictObject({
  status: z.enum(['started', 'already_running']).describe('Whether it was started now'),
  pid: z.number().int().describe('Process of the daemon'),
  version: z.string().describe('Version of the daemon'),
  socket: z.string().describe('Control socket'),
  pidfile: z.string().describe('Pid file'),
  codex: z.string().describe('How Codex stands: ready, starting, unavailable, ...'),
  warnings: z.array(z.string()).describe('What a person should look at'),
})

export const DownInput = z.strictObject({
  drain: z.boolean().optional().describe('Wait until no turn runs'),
  force: z.boolean().optional().describe('End although turns run; they are interrupted'),
  timeoutSeconds: Seconds.optional()
    .meta({ flag: 'timeout', needs: 'drain' })
    .describe('Seconds that --drain waits at most; no limit when absent'),
})

export const DownResult = z.strictObject({
  status: z.enum(['stopped', 'not_running']).describe('Whether one was running'),
  pid: z.number().int().nullable().describe('The process that ended, or null'),
  codexPid: z.number().int().nullable().describe('The App Server that ended, or null'),
  removed: z.array(z.string()).describe('Stale files that were removed'),
})

export const RestartInput = z.strictObject({
  codex: z.boolean().optional().describe('The App Server too, when no turn runs'),
  drain: z.boolean().optional().describe('With --codex: wait until no turn runs'),
})

export type UpInput = z.output<typeof UpInput>
export type UpResult = z.output<typeof UpResult>
export type DownInput = z.output<typeof DownInput>
export type DownResult = z.output<typeof DownResult>
export type RestartInput = z.output<typeof RestartInput>
