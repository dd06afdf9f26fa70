// The procedures below `daemon`.
import { DownInput } from '../local/lifecycle.ts'
import { LogRecord, LogsFollowInput, LogsInput, LogsResult } from '../local/logs.ts'
import type { Column } from '../meta.ts'
import { procedure, router } from '../procedure.ts'
import { streamOf, track } from '../stream.ts'
import { AuditFollowInput, AuditInput, AuditResult, AuditRow } from './audit.ts'
import {
  DaemonStatus,
  DaemonStatusInput,
  ShutdownInput,
  ShutdownPlan,
  ShutdownResult,
} from './status.ts'

const auditColumns: Column[] = [
  { field: 'at', title: 'AT' },
  { field: 'op', title: 'OP' },
  { field: 'ref', title: 'LANE', whole: true },
  { field: 'actor', title: 'ACTOR', minor: true },
  { field: 'outcome', title: 'OUTCOME' },
]

export const daemonRouter = router({
  status: procedure
    .meta({
      description: 'Show the running daemon, its App Server and what needs a person.',
      intent: 'read',
      autostart: false,
      cliMeta: { examples: ['dispatch daemon status'], view: { kind: 'fields' } },
    })
    .input(DaemonStatusInput)
    .output(DaemonStatus)
    .query(({ ctx, input }) => ctx.services.daemon.status(input, ctx.call)),

  log: procedure
    .meta({
      description: 'Show the audit trail: every writing op and every decision on a request.',
      intent: 'read',
      cliMeta: {
        examples: ['dispatch daemon log --limit 10', 'dispatch daemon log --op send --json'],
        view: {
          kind: 'table',
          rows: 'entries',
          columns: auditColumns,
          empty: 'Nothing was written yet.',
        },
      },
    })
    .input(AuditInput)
    .output(AuditResult)
    .query(({ ctx, input }) => ctx.services.daemon.log(input, ctx.call)),

  logFollow: procedure
    .meta({
      description: 'Follow the audit trail.',
      intent: 'read',
      follows: 'daemon.log',
      cliMeta: {
        examples: ['dispatch daemon log --follow'],
        view: { kind: 'line', template: '{at}  {op}  {ref}  {actor}  {outcome}' },
      },
    })
    .input(AuditFollowInput)
    .output(streamOf(AuditRow))
    .subscription(({ ctx, input }) => track(ctx.services.daemon.logFollow(input, ctx.call))),

  logs: procedure
    .meta({
      description: 'Show the log of the daemon process, running or not.',
      intent: 'read',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch daemon logs', 'dispatch daemon logs --level error'],
        view: { kind: 'log', rows: 'records' },
      },
    })
    .input(LogsInput)
    .output(LogsResult)
    .query(({ ctx, input }) => ctx.local.daemon.logs(input, ctx.call)),

  logsFollow: procedure
    .meta({
      description: 'Follow the log of the daemon process.',
      intent: 'read',
      runs: 'local',
      follows: 'daemon.logs',
      cliMeta: { examples: ['dispatch daemon logs --follow'], view: { kind: 'log' } },
    })
    .input(LogsFollowInput)
    .output(streamOf(LogRecord))
    .subscription(({ ctx, input }) => track(ctx.local.daemon.logsFollow(input, ctx.call))),

  shutdownPlan: procedure
    .meta({
      description: 'Say what down would cut.',
      intent: 'read',
      autostart: false,
      hidden: true,
      cliMeta: { examples: [], view: { kind: 'fields' } },
    })
    .input(DownInput)
    .output(ShutdownPlan)
    .query(({ ctx, input }) => ctx.services.daemon.shutdownPlan(input, ctx.call)),

  shutdown: procedure
    .meta({
      description: 'End the daemon, with or without its App Server.',
      intent: 'destroy',
      autostart: false,
      hidden: true,
      cliMeta: { examples: [], view: { kind: 'fields' } },
    })
    .input(ShutdownInput)
    .output(ShutdownResult)
    .mutation(({ ctx, input }) => ctx.services.daemon.shutdown(input, ctx.call)),
})
