// A provider that refuses everything for a while, then answers again. As it stands the outage is a few
// requests long and the waits are short. OUTAGE_SECONDS=60 makes it that long, with the waits
// of the built-in configuration and the tries that Codex makes by itself, and says how it went.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makePlace, type Place, type RunningDaemon } from '../composed.ts'

const SECONDS = Number(process.env.OUTAGE_SECONDS ?? 0)
const isLong = SECONDS > 0
/** Codex's own defaults are 4 for a request and 5 for a stream. */
const CODEX_TRIES = 4
const REFUSED = 8
const LANES = ['a', 'b', 'c']
const EACH = 3

const makeOutage = (place: Place) => {
  let refused = 0
  const until = isLong ? Date.now() + SECONDS * 1_000 : null
  place.model.setScenario(() => {
    const isOver = until === null ? refused >= REFUSED : Date.now() >= until
    if (isOver) return undefined
    refused += 1
    return 'fail: http 429'
  })
  return { refused: () => refused, endedAt: until ?? 0 }
}

const textsOf = (lane: string): string[] =>
  Array.from({ length: EACH }, (_, at) => `reply: ${lane}${at}`)

const fill = async (running: RunningDaemon): Promise<void> => {
  for (const name of LANES) await running.ops().new({ name, send: false })
  for (const lane of LANES) {
    for (const text of textsOf(lane)) {
      await running.ops().send({ lane: `@${lane}`, text, mode: 'queue' })
    }
  }
}

it(
  'that refuses everything for a while leaves queues that go on by themselves',
  { timeout: SECONDS * 1_000 + 400_000 },
  async () => {
    await using place = await makePlace(isLong ? { retries: CODEX_TRIES } : {})
    mkdirSync(join(place.root, 'home'), { recursive: true })
    const config = isLong ? '' : `[retry]\nattempts = ${REFUSED}\ncap_seconds = 0.2\n`
    writeFileSync(join(place.root, 'home', 'config.toml'), config)
    await using running = place.start()
    const outage = makeOutage(place)
    await fill(running)
    const again = await running.event(
      ({ type, data }) => type === 'delivery.queued' && data.nextAttemptAt !== undefined,
    )
    expect(
      await running.ops().delivery.get({ delivery: String(again.data.retryOf) }),
    ).toMatchObject({ state: 'accepted', outcome: 'failed', retriedBy: again.data.deliveryId })

    const waited = await running.ops().wait({ lanes: LANES.map((lane) => `@${lane}`) })
    expect(waited.lanes).toMatchObject(
      LANES.map((lane) => ({ outcome: 'completed', lastMessage: `${lane}${EACH - 1}` })),
    )
    for (const lane of LANES) {
      const { threadId = '' } = running.store.lanes.byLiveHandle(`@${lane}`) ?? {}
      const { rows } = running.store.events.readAfter({
        afterSeq: 0,
        threadIds: [threadId],
        types: ['turn.completed', 'turn.failed'],
        limit: 1_000,
      })
      // The first one was tried until it went well; nothing went before it, and nothing after it failed.
      const ends = rows.map(({ type }) => type)
      const firstGood = ends.indexOf('turn.completed')
      expect(ends.slice(firstGood)).toEqual(Array.from({ length: EACH }, () => 'turn.completed'))
      const good = place.model.requests.filter(
        ({ prompt, outcome }) =>
          outcome === 'completed' && textsOf(lane).includes(prompt?.text ?? ''),
      )
      expect(good.map(({ prompt }) => prompt?.text)).toEqual(textsOf(lane))
      if (isLong) {
        const after = (rows[firstGood]?.at ?? 0) - outage.endedAt
        console.log(
          `@${lane}: ${firstGood} turns failed; the first one went well ${after} ms after the outage`,
        )
      }
    }
    expect(outage.refused()).toBeGreaterThanOrEqual(REFUSED)
    const status = await running.ops().daemon.status({})
    expect(status).toMatchObject({ queues: { lanes: 0, held: 0 }, warnings: [] })
    if (isLong) console.log(`${outage.refused()} requests refused in ${SECONDS} s`)
  },
)
