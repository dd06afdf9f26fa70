// Agents in lanes that act on other lanes, on the real Codex.
import { expect, it } from 'vitest'
import { makePlace } from '../../composed.ts'

const call = (name: string, input: object): string =>
  `tool: dispatch_${name} ${JSON.stringify(input)}`

it('an agent in a read-only sandbox starts a helper, waits for it and reads its answer', async () => {
  await using place = await makePlace()
  await using running = place.start()
  const text = [
    call('new', { name: 'helper', text: 'reply: forty-two' }),
    call('wait', { lanes: ['@helper'] }),
    call('last', { lane: '@helper' }),
  ].join('\n')
  const sandbox = 'read-only'
  const lead = await running.ops().new({ name: 'lead', sandbox, text, wait: true })
  expect(lead.lastMessage).toContain('forty-two')
  const helper = await running.ops().get({ lane: '@helper' })
  expect(helper).toMatchObject({
    parent: { ref: lead.ref },
    effective: { sandbox },
    lastMessage: 'forty-two',
    laneTools: { reason: null },
  })
  const { entries } = await running.ops().daemon.log({ op: 'new' })
  expect(entries).toMatchObject([
    { actor: 'lane', laneId: helper.id, outcome: 'ok', detail: { callerThread: lead.id } },
    { actor: 'client', detail: { textLength: text.length } },
  ])
})
