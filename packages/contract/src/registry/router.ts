// The procedures below `registry`: carried out by `dispatchd local`, with no daemon.
import { procedure, router } from '../procedure.ts'
import {
  BackupInput,
  BackupResult,
  MigrateInput,
  MigrateResult,
  PruneInput,
  PruneResult,
  RestoreBackupInput,
  RestoreBackupResult,
  VerifyInput,
  VerifyResult,
} from './registry.ts'

export const registryRouter = router({
  migrate: procedure
    .meta({
      description:
        'Bring the registry to the schema of this dispatch, after a verified copy. The daemon does the same when it starts.',
      intent: 'write',
      runs: 'local',
      cliMeta: {
        examples: [
          'dispatch down && dispatch registry migrate',
          'dispatch registry migrate --no-backup',
        ],
        view: { kind: 'fields' },
        textSwitch: true,
      },
    })
    .input(MigrateInput)
    .output(MigrateResult)
    .mutation(({ ctx, input }) => ctx.local.registry.migrate(input, ctx.call)),

  backup: procedure
    .meta({
      description: 'Copy the registry, also while the daemon runs, and verify the copy.',
      intent: 'write',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch registry backup', 'dispatch registry backup --to /backup/registry.db'],
        view: { kind: 'fields' },
        textSwitch: true,
      },
    })
    .input(BackupInput)
    .output(BackupResult)
    .mutation(({ ctx, input }) => ctx.local.registry.backup(input, ctx.call)),

  restore: procedure
    .meta({
      description:
        'Put a copy in the place of the registry, with the daemon down. The replaced one is kept aside.',
      intent: 'destroy',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch down && dispatch registry restore /backup/registry.db --yes'],
        view: { kind: 'fields' },
        textSwitch: true,
      },
    })
    .input(RestoreBackupInput)
    .output(RestoreBackupResult)
    .mutation(({ ctx, input }) => ctx.local.registry.restore(input, ctx.call)),

  verify: procedure
    .meta({
      description: 'Look for faults in the registry or in a copy of it. Changes nothing.',
      intent: 'read',
      runs: 'local',
      verdict: true,
      cliMeta: {
        examples: ['dispatch registry verify', 'dispatch registry verify /backup/registry.db'],
        view: { kind: 'fields' },
        textSwitch: true,
      },
    })
    .input(VerifyInput)
    .output(VerifyResult)
    .query(({ ctx, input }) => ctx.local.registry.verify(input, ctx.call)),

  prune: procedure
    .meta({
      description:
        'Delete what retention no longer keeps and give the space back, with the daemon down. A running daemon prunes by itself.',
      intent: 'destroy',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch down && dispatch registry prune --yes'],
        view: { kind: 'fields' },
        textSwitch: true,
      },
    })
    .input(PruneInput)
    .output(PruneResult)
    .mutation(({ ctx, input }) => ctx.local.registry.prune(input, ctx.call)),
})
