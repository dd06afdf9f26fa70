// A registry in a temporary folder that goes with the test, and rows to put into it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DeliveryRow, type LaneRow, openStore, type Store } from '../src/index.ts'

export type TempFolder = Disposable & { path: string; file: string }

export const makeTempFolder = (): TempFolder => {
  const path = mkdtempSync(join(tmpdir(), 'dispatch-store-'))
  return {
    path,
    file: join(path, 'registry.db'),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

export type TempStore = Disposable & { store: Store; folder: TempFolder }

export const makeTempStore = (): TempStore => {
  const folder = makeTempFolder()
  const store = openStore({ file: folder.file })
  return {
    store,
    folder,
    [Symbol.dispose]: () => {
      store[Symbol.dispose]()
      folder[Symbol.dispose]()
    },
  }
}

export const laneRow = (store: Store, threadId: string, part: Partial<LaneRow> = {}): LaneRow => ({
  threadId,
  ref: store.refs.allocate(threadId),
  name: threadId,
  handle: `@${threadId}`,
  title: `[repo] ${threadId}`,
  source: 'own',
  cwd: '/work',
  status: 'idle',
  ephemeral: false,
  settings: { model: 'm' },
  effective: null,
  unset: [],
  parentId: null,
  rootId: null,
  depth: 0,
  laneTools: null,
  activeTurnId: null,
  latestTurnId: null,
  held: false,
  heldFor: null,
  stalled: false,
  stalledReason: null,
  lastMessage: null,
  usage: null,
  rolloutPath: null,
  callId: `call-${threadId}`,
  createdAt: 1,
  updatedAt: 1,
  archivedAt: null,
  ...part,
})

export const insertLane = (
  store: Store,
  threadId: string,
  part: Partial<LaneRow> = {},
): LaneRow => {
  const row = laneRow(store, threadId, part)
  store.lanes.insert(row)
  return row
}

export const deliveryRow = (
  id: string,
  threadId: string,
  part: Partial<DeliveryRow> = {},
): DeliveryRow => ({
  id,
  threadId,
  mode: 'send',
  text: 'hello',
  textLength: 5,
  textHash: 'hash',
  state: 'submitting',
  outcome: null,
  turnId: null,
  landed: null,
  overrides: {},
  actor: 'cli',
  createdAt: 1,
  submittedAt: null,
  acceptedAt: null,
  completedAt: null,
  failure: null,
  server: null,
  rolloutBytes: null,
  position: null,
  retryOf: null,
  attempt: 0,
  notBefore: null,
  ...part,
})
