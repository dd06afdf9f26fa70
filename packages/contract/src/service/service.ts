// service: whether the daemon starts with the login of its user. Writes a file and starts nothing.
import { z } from 'zod'

const Place = {
  kind: z.enum(['systemd', 'launchd']).describe('Who starts it: a user unit, or a launch agent'),
  name: z.string().describe('Its name there; another home has another'),
  path: z.string().describe('The file'),
}

export const ServiceInstallInput = z.strictObject({
  dryRun: z.boolean().optional().describe('Only answer what would be written'),
})

export const ServiceInstallResult = z.strictObject({
  status: z
    .enum(['installed', 'unchanged', 'planned'])
    .describe('unchanged: the file was there as it is. planned: nothing was written'),
  ...Place,
  content: z.string().nullable().describe('With --dry-run: what would be written, else null'),
  next: z.array(z.string()).describe('The commands that start it, now and at each login'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export const ServiceUninstallInput = z.strictObject({})

export const ServiceUninstallResult = z.strictObject({
  status: z.enum(['removed', 'not_installed']).describe('Whether there was a file'),
  ...Place,
  removed: z.array(z.string()).describe('What was removed: the file, and the link that enabled it'),
  next: z.array(z.string()).describe('The commands that make it known'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export const ServiceStatusInput = z.strictObject({})

export const ServiceStatusResult = z.strictObject({
  ...Place,
  installed: z.boolean().describe('Whether the file is there'),
  current: z
    .boolean()
    .describe('Whether it is what install would write now: this dispatch, this Node, this PATH'),
  enabled: z
    .boolean()
    .nullable()
    .describe('Whether it starts at the login; null where only launchctl can say'),
  pid: z.number().int().nullable().describe('The daemon of the home, however it was started'),
  notes: z.array(z.string()).describe('What the caller should know'),
})

export type ServiceInstallInput = z.output<typeof ServiceInstallInput>
export type ServiceInstallResult = z.output<typeof ServiceInstallResult>
export type ServiceUninstallInput = z.output<typeof ServiceUninstallInput>
export type ServiceUninstallResult = z.output<typeof ServiceUninstallResult>
export type ServiceStatusInput = z.output<typeof ServiceStatusInput>
export type ServiceStatusResult = z.output<typeof ServiceStatusResult>
