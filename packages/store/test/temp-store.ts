// A registry in a temporary folder that goes with the test, and rows to put into it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LaneRow, openStore, type Store } from '../src/index.ts'
import { laneRow as plainLaneRow } from '../src/testing/rows.ts'

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

export const laneRow = (store: Store, threadId: string, part: Partial<LaneRow> = {}): LaneRow =>
  plainLaneRow(threadId, {
    ref: store.refs.allocate(threadId),
    title: `[repo] ${threadId}`,
    settings: { model: 'm' },
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
