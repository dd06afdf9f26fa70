// What a registry is filled with before its daemon starts.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type DeliveryRow, type LaneRow, openStore } from '@dispatch/store'
import { deliveryRow, laneRow } from '@dispatch/store/testing'
import type { World } from '@dispatch/e2e'

/** The type of the small events, and what tells one from the other. */
export const SMALL_EVENT = { type: 'usage.updated', field: 'number' } as const

const START = Date.UTC(2026, 0, 1)

const hex = (number: number): string => number.toString(16).padStart(12, '0')

const rowOf = (number: number, ref: string, cwd: string): LaneRow =>
  laneRow(threadIdOf(number), {
    ref,
    name: `lane-${number}`,
    handle: `@lane-${number}`,
    title: `lane-${number}`,
    cwd,
    settings: { sandbox: 'workspace-write', approvalPolicy: 'never' },
    effective: {
      model: 'simulated',
      modelProvider: 'simulator',
      effort: 'medium',
      sandbox: 'workspace-write',
      approvalPolicy: 'never',
      serviceTier: null,
      approvalsReviewer: null,
    },
    lastMessage: 'The tests pass; the change is committed.',
    callId: `019bd000-0001-7000-8000-${hex(number)}`,
    createdAt: START + number,
    updatedAt: START + number,
  })

/** The thread of a lane of the fixture. */
export const threadIdOf = (number: number): string => `019bd000-0000-7000-8000-${hex(number)}`

/** Fills the registry of a world whose daemon has not started yet. */
export const fillRegistry = (
  { home, work }: World,
  { lanes, events = 0 }: { lanes: number; events?: number },
): void => {
  mkdirSync(home, { mode: 0o700, recursive: true })
  using store = openStore({ file: join(home, 'registry.db') })
  store.events.beginEpoch()
  store.transaction(() => {
    for (let number = 0; number < lanes; number += 1) {
      store.lanes.insert(rowOf(number, store.refs.allocate(threadIdOf(number)), work))
    }
    const at = Date.now()
    for (let number = 0; number < events; number += 1) {
      store.events.append({
        at: at + Math.floor(number / 10),
        threadId: threadIdOf(number % lanes),
        type: SMALL_EVENT.type,
        key: null,
        data: { [SMALL_EVENT.field]: number, totalTokens: number * 3 },
      })
    }
  })
}

const waitingRow = (lane: number, number: number): DeliveryRow =>
  deliveryRow(`019bd000-0002-7000-8000-${hex(lane * 1_000 + number)}`, threadIdOf(lane), {
    mode: 'queue',
    text: `message ${number}`,
    textLength: `message ${number}`.length,
    textHash: hex(number),
    state: 'queued',
    createdAt: START + number,
    submittedAt: null,
    position: number,
  })

/** Messages that wait for a lane of the fixture, which a person holds. */
export const fillQueue = ({ home }: World, lane: number, messages: number): void => {
  using store = openStore({ file: join(home, 'registry.db') })
  store.transaction(() => {
    store.lanes.update(threadIdOf(lane), { held: true, heldFor: 'person' })
    for (let number = 0; number < messages; number += 1)
      store.deliveries.insert(waitingRow(lane, number))
  })
}
