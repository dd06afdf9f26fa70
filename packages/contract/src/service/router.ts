// The procedures below `service`: carried out by the surface, which knows its own program and user.
import { procedure, router } from '../procedure.ts'
import {
  ServiceInstallInput,
  ServiceInstallResult,
  ServiceStatusInput,
  ServiceStatusResult,
  ServiceUninstallInput,
  ServiceUninstallResult,
} from './service.ts'

export const serviceRouter = router({
  install: procedure
    .meta({
      description:
        'Let the daemon start with your login: a user unit of systemd, or a launch agent. Shows the file, asks, writes it, and starts nothing.',
      intent: 'write',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch service install --dry-run', 'dispatch service install --yes'],
        view: { kind: 'line', template: '{status}  {path}', message: 'content' },
      },
    })
    .input(ServiceInstallInput)
    .output(ServiceInstallResult)
    .mutation(({ ctx, input }) => ctx.local.service.install(input, ctx.call)),

  uninstall: procedure
    .meta({
      description:
        'Remove that file, so that the daemon no longer starts with your login. A daemon that runs goes on.',
      intent: 'destroy',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch service uninstall --yes'],
        view: { kind: 'line', template: '{status}  {path}' },
      },
    })
    .input(ServiceUninstallInput)
    .output(ServiceUninstallResult)
    .mutation(({ ctx, input }) => ctx.local.service.uninstall(input, ctx.call)),

  status: procedure
    .meta({
      description: 'Show whether the daemon starts with your login, and by which file.',
      intent: 'read',
      runs: 'local',
      cliMeta: { examples: ['dispatch service status'], view: { kind: 'fields' } },
    })
    .input(ServiceStatusInput)
    .output(ServiceStatusResult)
    .query(({ ctx, input }) => ctx.local.service.status(input, ctx.call)),
})
