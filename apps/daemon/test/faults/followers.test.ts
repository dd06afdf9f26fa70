// A thousand followers, one of which stops reading: the others get every event of their lane, in order
// and soon; the deaf one costs no more than its bound, and is told what it missed.
import { createConnection, type Socket } from 'node:net'
import { once } from 'node:events'
import type { Context, WatchFollowInput } from '@dispatch/contract'
import { expect, it } from 'vitest'
import { addLane, type Bench, makeBench } from '../bench.ts'
import { startListening } from '../serve/listening.ts'
import { helloText } from '../serve/raw-client.ts'

const FOLLOWERS = 1_000
const EVENTS = 100
const EVERY_MS = 50
/** More than the ring of live events holds, and than any socket. */
const BURST = 6_000
const BURST_TEXT = 'x'.repeat(1_024)

type Event = { type: string; data: Record<string, unknown> }

type Line = { result?: { type?: string; data?: Event } }

/** A follower that hands each event on. */
const follow = async (path: string, input: WatchFollowInput, hear: (event: Event) => void) => {
  const socket = createConnection(path)
  await once(socket, 'connect')
  const started = Promise.withResolvers<void>()
  const state = { bytes: 0, started: started.promise }
  let rest = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    state.bytes += chunk.length
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      const { result } = JSON.parse(text) as Line
      if (result?.type === 'started') started.resolve()
      else if (result?.data) hear(result.data)
    }
  })
  const params = { path: 'watchFollow', input }
  socket.write(`${helloText}${JSON.stringify({ id: 1, method: 'subscription', params })}\n`)
  await started.promise
  return Object.assign(state, { socket })
}

const serve = (bench: Bench) =>
  startListening({
    watchFollow: (input: WatchFollowInput, { signal }: Context['call']) =>
      bench.events.follow({
        after: null,
        threadIds: input.lanes ?? null,
        types: null,
        live: true,
        signal,
      }),
  })

const shareOf = (sorted: readonly number[], share: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1)

it(`${FOLLOWERS} followers of one lane at 20 events a second, and one that is deaf`, async () => {
  using bench = makeBench()
  for (const lane of ['t', 'other']) addLane(bench.store, lane)
  await using listening = await serve(bench)
  await using sockets = new AsyncDisposableStack()
  const keep = (socket: Socket): void => sockets.defer(() => void socket.destroy())

  const gap = Promise.withResolvers<Record<string, unknown>>()
  const deaf = await follow(listening.path, {}, ({ type, data }) => {
    if (type === 'gap') gap.resolve(data)
  })
  keep(deaf.socket)
  deaf.socket.pause()
  for (let count = 0; count < BURST; count += 1) {
    bench.events.live({ threadId: 'other', type: 'item.delta', data: { text: BURST_TEXT } })
    // As Codex sends it: not all in one turn of the loop.
    if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }

  const lags: number[] = []
  const wrong: string[] = []
  const complete = Promise.withResolvers<void>()
  let finished = 0
  for (let number = 1; number < FOLLOWERS; number += 1) {
    let seen = 0
    const { socket } = await follow(listening.path, { lanes: ['t'] }, ({ type, data }) => {
      if (type !== 'item.completed' || data.number !== seen) wrong.push(`${number}: ${type}`)
      lags.push(performance.now() - Number(data.sentAt))
      seen += 1
      if (seen === EVENTS) finished += 1
      if (finished === FOLLOWERS - 1) complete.resolve()
    })
    keep(socket)
  }
  expect(listening.listener.stats()).toEqual({ connections: FOLLOWERS, followers: FOLLOWERS })
  let sent = 0
  const pace = setInterval(() => {
    bench.events.commit((tx) => {
      const data = { number: sent, sentAt: performance.now() }
      tx.append({ threadId: 't', type: 'item.completed', data })
    })
    sent += 1
    if (sent === EVENTS) clearInterval(pace)
  }, EVERY_MS)
  await complete.promise
  expect(wrong).toEqual([])
  expect(lags).toHaveLength((FOLLOWERS - 1) * EVENTS)

  const told = once(deaf.socket, 'data')
  deaf.socket.resume()
  await told
  expect(await gap.promise).toMatchObject({ kind: 'live' })
  const waited = deaf.bytes
  const sorted = lags.toSorted((a, b) => a - b)
  console.log(
    `${lags.length} events to ${FOLLOWERS - 1} followers: lag p50 ${shareOf(sorted, 0.5)} ms, p99 ${shareOf(sorted, 0.99)} ms; for the deaf one ${Math.round(waited / 1_024)} KiB waited, of ${Math.round((BURST * BURST_TEXT.length) / 1_024)} KiB`,
  )
  expect(waited).toBeLessThan(1024 * 1024)
})
