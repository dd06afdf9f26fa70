import { CodexRpcError } from '@dispatch/codex-client'
import { DispatchError } from '@dispatch/contract'
import { expect, test } from 'vitest'
import { auditOf, fakeClient, fakeLink, makeBench } from '../../test/bench.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import { makeUnfinishedCreations } from './unfinished-creations.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const client = fakeClient({})

const makeFinishing = (bench: ReturnType<typeof makeBench>, finish: () => Promise<null>) => {
  bench.store.creations.put({
    callId: 'c',
    inputHash: 'h',
    draft: null,
    server: null,
    at: 1,
    threadId: null,
    state: 'begun',
  })
  return makeUnfinishedCreations({
    store: bench.store,
    clock: bench.clock,
    log: silent,
    audit: auditOf(bench).audit,
    link: () => fakeLink(client),
    creation: { finish },
    touched: () => {},
    backoffMs: () => 1_000,
  })
}

const no = new CodexRpcError('thread/name/set', { code: -32_600, message: 'no' })

test('what Codex refuses waits for the next join, also where the error names the lane', async () => {
  using bench = makeBench()
  const failure = codexFailureToError(no) as DispatchError
  using unfinished = makeFinishing(bench, async () => {
    throw new DispatchError(failure.code, failure.message, { cause: failure })
  })
  unfinished.finish(client)
  await unfinished.drained()
  expect(bench.clock.pending()).toBe(0)
})

test('what is not answered is tried again, but by nobody who has left', async () => {
  using bench = makeBench()
  const silence = Promise.withResolvers<null>()
  let tries = 0
  const unfinished = makeFinishing(bench, () => {
    tries += 1
    return tries === 1 ? Promise.reject(new Error('no answer')) : silence.promise
  })
  unfinished.finish(client)
  await unfinished.drained()
  bench.clock.advance(1_000)
  expect(tries).toBe(2)
  unfinished[Symbol.dispose]()
  silence.reject(new Error('no answer'))
  await unfinished.drained()
  expect(bench.clock.pending()).toBe(0)
})
