import { createTRPCClient } from '@trpc/client'
import type { AppRouter } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'
import { expect, test } from 'vitest'
import { createDispatchClient } from '../src/index.ts'
import { dispatchLink } from '../src/link.ts'
import { answer, event, makeTestHome, refusal, startFakeDaemon } from './fake-daemon.ts'

test('a tRPC client calls, follows and fails through the link', async () => {
  using home = makeTestHome()
  await using _ = await startFakeDaemon(home.socket, {
    onCall: (call, peer) => {
      if (call.params?.path === 'list') peer.send(answer(call, { lanes: [], nextCursor: null }))
      if (call.params?.path === 'watchFollow') peer.send(event(call, 1))
      if (call.params?.path !== 'get') return
      peer.send(refusal(call.id, new DispatchError('not_found', 'No such lane.')))
    },
  })
  await using client = createDispatchClient({ home: home.home, env: {} })
  const trpc = createTRPCClient<AppRouter>({ links: [dispatchLink(client)] })
  expect(await trpc.list.query({})).toEqual({ lanes: [], nextCursor: null })
  await expect(trpc.get.query({ lane: 'x' })).rejects.toMatchObject({
    message: 'No such lane.',
    data: { code: 'not_found' },
  })
  const got = Promise.withResolvers<unknown>()
  const subscription = trpc.watchFollow.subscribe({}, { onData: got.resolve })
  expect(await got.promise).toEqual({ id: '1.1', data: { n: 1 } })
  subscription.unsubscribe()
})
