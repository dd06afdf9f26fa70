// The procedures on threads that others made: find them, register them, read them, give them back.
import { procedure } from '../procedure.ts'
import {
  AdoptInput,
  AdoptResult,
  AttachInput,
  AttachResult,
  DetachInput,
  DetachPlan,
  DetachResult,
  ReleaseInput,
  ReleaseResult,
} from './attach.ts'
import { OpenInput, OpenResult } from './open.ts'
import { QueryInput, QueryResult } from './query.ts'
import { SearchInput, SearchResult } from './search.ts'
import { SyncInput, SyncResult } from './sync.ts'
import { ListUnmanagedInput, ListUnmanagedResult } from './unmanaged.ts'

const sessionColumns = [
  { field: 'id', title: 'ID', whole: true as const },
  { field: 'source', title: 'SOURCE' },
  { field: 'status', title: 'STATUS' },
  { field: 'updatedAt', title: 'UPDATED' },
  { field: 'name', title: 'NAME' },
  { field: 'preview', title: 'PREVIEW' },
  { field: 'cwd', title: 'CWD' },
]

/** attach, sync, adopt, release, detach, and the sessions that there are to attach. */
export const sessionProcedures = {
  listUnmanaged: procedure
    .meta({
      description:
        'List the Codex sessions of this machine that are no lanes: of terminals, apps and codex exec.',
      intent: 'read',
      variantOf: { op: 'list', flag: 'unmanaged' },
      cliMeta: {
        examples: ['dispatch list --unmanaged --limit 20'],
        view: {
          kind: 'table',
          rows: 'sessions',
          columns: sessionColumns,
          empty: 'No sessions that are not lanes.',
        },
      },
    })
    .input(ListUnmanagedInput)
    .output(ListUnmanagedResult)
    .query(({ ctx, input }) => ctx.services.listUnmanaged(input, ctx.call)),

  search: procedure
    .meta({
      description:
        'Search what was said in every Codex thread of this machine, lanes and others alike.',
      intent: 'read',
      cliMeta: {
        examples: [
          'dispatch search "schema drift"',
          'dispatch search "schema drift" --unmanaged --repo . --since 2026-06-01',
          'dispatch search "schema drift" --thread 0k7M4a',
        ],
        view: {
          kind: 'table',
          rows: 'matches',
          columns: [
            { field: 'ref', title: 'REF', whole: true },
            { field: 'id', title: 'ID', whole: true },
            { field: 'title', title: 'TITLE' },
            { field: 'source', title: 'SOURCE', minor: true },
            { field: 'updatedAt', title: 'UPDATED', minor: true },
            { field: 'snippet', title: 'FOUND' },
          ],
          empty: 'Nothing was found.',
        },
      },
    })
    .input(SearchInput)
    .output(SearchResult)
    .query(({ ctx, input }) => ctx.services.search(input, ctx.call)),

  query: procedure
    .meta({
      description:
        "Find messages, commands, tool calls and file changes of lanes in dispatch's own full-text index. Answers while Codex is down.",
      intent: 'read',
      cliMeta: {
        examples: [
          'dispatch query "schema drift"',
          'dispatch query "migrat*" --lane @docs --type agentMessage',
          'dispatch query --errored --since 2026-06-01',
          'dispatch query --file src/schema.ts',
        ],
        view: {
          kind: 'table',
          rows: 'matches',
          columns: [
            { field: 'ref', title: 'REF', whole: true },
            { field: 'handle', title: 'HANDLE' },
            { field: 'type', title: 'TYPE', minor: true },
            { field: 'at', title: 'AT', minor: true },
            { field: 'snippet', title: 'FOUND', bright: 'marks' },
          ],
          empty: 'Nothing was found.',
        },
      },
    })
    .input(QueryInput)
    .output(QueryResult)
    .query(({ ctx, input }) => ctx.services.query(input, ctx.call)),

  attach: procedure
    .meta({
      description:
        'Register an existing Codex thread as a lane, to read and follow it. Others may go on writing it; adopt makes it an own lane.',
      intent: 'write',
      cliMeta: {
        examples: [
          'dispatch attach 01a08340-5251-7d23-87b0-50f6e1911115',
          'dispatch attach 01a08340-5251-7d23-87b0-50f6e1911115 --sync',
        ],
        view: { kind: 'line', template: '{ref}  {handle}  {status}  {cwd}' },
      },
    })
    .input(AttachInput)
    .output(AttachResult)
    .mutation(({ ctx, input }) => ctx.services.attach(input, ctx.call)),

  sync: procedure
    .meta({
      description:
        "Bring what is known of a lane's history up to date from Codex's metadata and the rollout file. Never loads the thread.",
      intent: 'write',
      cliMeta: {
        examples: ['dispatch sync 0k7M4a', 'dispatch sync 0k7M4a --full'],
        view: { kind: 'fields' },
      },
    })
    .input(SyncInput)
    .output(SyncResult)
    .mutation(({ ctx, input }) => ctx.services.sync(input, ctx.call)),

  adopt: procedure
    .meta({
      description:
        'Make an attached lane an own one, by taking the right to write from Codex. Refused while another process has the thread open.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch adopt 0k7M4a'],
        view: { kind: 'line', template: '{ref}  {handle}  {source}  {status}' },
      },
    })
    .input(AdoptInput)
    .output(AdoptResult)
    .mutation(({ ctx, input }) => ctx.services.adopt(input, ctx.call)),

  release: procedure
    .meta({
      description:
        'Let other Codex apps open an idle own lane. The next message to it takes it back.',
      intent: 'write',
      cliMeta: {
        examples: ['dispatch release 0k7M4a'],
        view: { kind: 'line', template: '{ref}  {handle}  unloaded: {unloaded}' },
      },
    })
    .input(ReleaseInput)
    .output(ReleaseResult)
    .mutation(({ ctx, input }) => ctx.services.release(input, ctx.call)),

  open: procedure
    .meta({
      description:
        "Join a lane live in Codex's terminal UI. dispatch and the UI see and drive the same thread.",
      intent: 'write',
      runs: 'local',
      cliMeta: {
        examples: ['dispatch open 0k7M4a'],
        view: { kind: 'raw', field: 'said' },
      },
    })
    .input(OpenInput)
    .output(OpenResult)
    .mutation(({ ctx, input }) => ctx.local.open(input, ctx.call)),

  detachPlan: procedure
    .meta({
      description: 'Say what detach would lose.',
      intent: 'read',
      hidden: true,
      cliMeta: { examples: [], view: { kind: 'fields' } },
    })
    .input(DetachInput)
    .output(DetachPlan)
    .query(({ ctx, input }) => ctx.services.detachPlan(input, ctx.call)),

  detach: procedure
    .meta({
      description: 'Forget a lane. Its Codex thread stays, with its history.',
      intent: 'destroy',
      plannedBy: 'detachPlan',
      cliMeta: {
        examples: ['dispatch detach 0k7M4a --yes'],
        view: { kind: 'line', template: '{ref}  {handle}  forgotten; attach {id} brings it back' },
      },
    })
    .input(DetachInput)
    .output(DetachResult)
    .mutation(({ ctx, input }) => ctx.services.detach(input, ctx.call)),
}
