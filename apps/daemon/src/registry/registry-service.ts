// registry migrate, backup, restore, verify, prune: care for the registry's file with no daemon in the
// way. Knows files and schemas, nothing of lanes.
import { existsSync, statSync } from 'node:fs'
import {
  DispatchError,
  type LocalServices,
  type MigrateInput,
  type MigrateResult,
} from '@dispatch/contract'
import {
  backupRegistry,
  CorruptDatabaseError,
  openStore,
  removeSearchIndex,
  type RegistryReport,
  reportRegistry,
  requireRestorable,
  restoreRegistry,
} from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { instantToStamp, stampToFree } from './file-stamp.ts'
import { guardServices } from './guarded-services.ts'
import { copyFailureToError } from './registry-failure.ts'
import { pruneAll, type Retention, retentionToLimits } from './retention.ts'
import { reportToVerdict } from './verdict.ts'

type RegistryOptions = {
  clock: Clock
  /** The registry's file. */
  database: string
  /** The full-text index of what the registry has. */
  index: string
  /** How long what is kept. */
  retention: () => Retention
  /** Takes the home's lock; throws `conflict` where a daemon has it. */
  takeHome: () => Disposable
  /** The same, null where a daemon has it. */
  tryHome: () => Disposable | null
  /** App Servers of this home that run without a daemon. */
  strayServers: () => number[]
}

/** The ops below `registry`. */
export type RegistryService = LocalServices['registry']

const schemaKept = (report: RegistryReport): boolean =>
  report.schemaVersion === report.supportedVersion

/** Makes the ops. */
export const makeRegistryService = (options: RegistryOptions): RegistryService => {
  const { clock, database: db, takeHome, tryHome, strayServers } = options

  const freePath = (word: string): string =>
    stampToFree(`${db}.${instantToStamp(clock.now())}.${word}`, existsSync)

  const requireReport = (file: string): RegistryReport => {
    const report = reportRegistry(file, { quick: true })
    const fault = report?.faults[0]
    if (fault !== undefined) throw new CorruptDatabaseError(`${file} is damaged: ${fault}`, file)
    if (report) return report
    throw new DispatchError('validation', `There is no registry at ${file}.`, {
      hint: 'dispatch up makes one.',
      details: { file },
    })
  }

  // A daemon of this version has migrated already; one of an older version has statements of the old
  // schema prepared and rows of it in hand.
  const migrateBesideDaemon = (report: RegistryReport): MigrateResult => {
    if (schemaKept(report)) return migrated(report, { daemonRunning: true })
    throw new DispatchError(
      'conflict',
      `The running daemon works on schema ${report.schemaVersion}: it cannot be changed beneath it.`,
      {
        hint: 'dispatch restart: the new daemon migrates, after a verified copy.',
        details: {
          fromSchemaVersion: report.schemaVersion,
          toSchemaVersion: report.supportedVersion,
        },
      },
    )
  }

  const migrated = (
    { schemaVersion, supportedVersion }: RegistryReport,
    what: { daemonRunning?: boolean; backup?: string | null },
  ): MigrateResult => ({
    status: 'ok',
    migrated: schemaVersion !== supportedVersion,
    db,
    fromSchemaVersion: schemaVersion,
    toSchemaVersion: supportedVersion,
    backup: what.backup ?? null,
    daemonRunning: what.daemonRunning ?? false,
  })

  const migrate = ({ backup = true, allowRunning = false }: MigrateInput): MigrateResult => {
    const report = requireReport(db)
    using held = allowRunning ? tryHome() : takeHome()
    if (!held) return migrateBesideDaemon(report)
    using store = openStore({ file: db, backup })
    return migrated(report, { backup: store.migrated?.backup ?? null })
  }

  const requireCopy = (file: string): RegistryReport => {
    try {
      return requireRestorable(file)
    } catch (thrown) {
      throw copyFailureToError(thrown, { file, database: db })
    }
  }

  const refuseStrayServers = (): void => {
    const pids = strayServers()
    if (pids.length === 0) return
    throw new DispatchError(
      'conflict',
      `An App Server of this home still runs (pid ${pids.join(', ')}).`,
      { hint: 'dispatch down ends it.', details: { pids } },
    )
  }

  return guardServices({
    migrate,

    backup: ({ to = freePath('backup') }) => {
      const { schemaVersion } = requireReport(db)
      backupRegistry({ file: db, to })
      return { db, backup: to, bytes: statSync(to).size, schemaVersion, verified: true }
    },

    restore: ({ file }) => {
      using _home = takeHome()
      if (file === db) {
        throw new DispatchError('validation', `${file} is the registry itself.`, {
          hint: 'dispatch registry verify',
        })
      }
      // Its lanes would stay locked by a server that what is put back knows nothing of.
      refuseStrayServers()
      const { schemaVersion, supportedVersion } = requireCopy(file)
      const aside = freePath('replaced')
      // It is of what stands there now; the daemon makes it again.
      removeSearchIndex(options.index)
      const replaces = restoreRegistry({ file: db, from: file, aside })
      return {
        db,
        restored: file,
        replaced: replaces ? aside : null,
        schemaVersion,
        notes: [
          'What happened after the copy was made is unknown to it: dispatch list shows the lanes that it knows.',
          ...(schemaVersion < supportedVersion
            ? [`It has schema ${schemaVersion}: dispatch up migrates it to ${supportedVersion}.`]
            : []),
        ],
      }
    },

    verify: ({ file = db }) => reportToVerdict({ file, database: db }, () => reportRegistry(file)),

    prune: () => {
      const report = requireReport(db)
      using _home = takeHome()
      if (report.schemaVersion < report.supportedVersion) {
        throw new DispatchError('conflict', `The registry has schema ${report.schemaVersion}.`, {
          hint: 'dispatch registry migrate',
        })
      }
      using store = openStore({ file: db })
      const limits = retentionToLimits(options.retention(), clock.now())
      const pruned = pruneAll(store, limits)
      return { db, ...pruned, freedBytes: store.upkeep.shrink() }
    },
  })
}
