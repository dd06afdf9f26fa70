// Resources and prompts, over a daemon that the test plays.
import { DispatchError } from '@dispatch/contract/errors'
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { describe, expect, test } from 'vitest'
import { connectHost } from './host.ts'

const lane = { id: 'id-a', ref: '0aaaa1', handle: '@a', title: '[x] a', status: 'idle' }

const answer = ({ path, input }: { path: string; input: unknown }): unknown => {
  if (path === 'list') {
    const { cursor } = input as { cursor?: string }
    return cursor === undefined
      ? { lanes: [lane], nextCursor: 'more' }
      : { lanes: [{ ...lane, id: 'id-b', handle: '@b' }], nextCursor: null }
  }
  if ((input as { lane?: string }).lane === '@nobody') {
    throw new DispatchError('not_found', 'There is no lane @nobody.')
  }
  if ((input as { lane?: string }).lane === '@broken') {
    throw new DispatchError('app_server', 'Codex is gone.')
  }
  return path === 'get' ? lane : { path, input }
}

describe('resources', () => {
  test('are listed page by page', async () => {
    await using host = await connectHost({ answer })
    const first = await host.client.listResources()
    expect(first.nextCursor).toBe('more')
    expect(first.resources.map(({ uri, name }) => [uri, name])).toEqual([
      ['dispatch://lanes', 'lanes'],
      ['dispatch://queue', 'queue'],
      ['dispatch://requests', 'requests'],
      ['dispatch://lanes/id-a', '@a lane'],
      ['dispatch://lanes/id-a/transcript', '@a transcript'],
      ['dispatch://lanes/id-a/queue', '@a queue'],
      ['dispatch://lanes/id-a/requests', '@a requests'],
    ])
    const next = await host.client.listResources({ cursor: 'more' })
    expect(next.nextCursor).toBeUndefined()
    expect(next.resources.map(({ uri }) => uri)).toContain('dispatch://lanes/id-b/queue')
    expect(next.resources.map(({ uri }) => uri)).not.toContain('dispatch://lanes')
    const { resourceTemplates } = await host.client.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain(
      'dispatch://lanes/{lane}/transcript',
    )
  })

  test('are read as their op answers', async () => {
    await using host = await connectHost({ answer })
    const uri = 'dispatch://lanes/%40a/transcript'
    const { contents } = await host.client.readResource({ uri })
    const text = JSON.stringify({ path: 'tail', input: { lane: '@a' } })
    expect(contents).toEqual([{ uri, mimeType: 'application/json', text }])
  })

  test('that are not there are not found, and what fails says why', async () => {
    await using host = await connectHost({ answer })
    for (const uri of ['dispatch://nothing', 'dispatch://lanes/%40nobody']) {
      const notFound = { code: -32_002, data: { uri } }
      await expect(host.client.readResource({ uri })).rejects.toMatchObject(notFound)
      await expect(host.client.subscribeResource({ uri })).rejects.toMatchObject(notFound)
    }
    await expect(
      host.client.readResource({ uri: 'dispatch://lanes/%40broken' }),
    ).rejects.toMatchObject({ code: -32_603, data: { error: { code: 'app_server' } } })
  })

  test('that are watched are told of, each for its own events, once for many', async () => {
    const { promise: go, resolve: onGo } = Promise.withResolvers<void>()
    const event = (type: string, id: string) => ({
      type,
      lane: { id, handle: '@', ref: '0' },
      data: {},
    })
    await using host = await connectHost({
      answer,
      async *events(path) {
        await go
        if (path === 'daemon.logFollow') {
          yield { op: 'queue.move', laneId: 'id-other' }
          yield { op: 'queue.move', laneId: 'id-a' }
          return
        }
        yield event('item.completed', 'id-other')
        yield event('item.completed', 'id-a')
        yield event('item.completed', 'id-a')
        yield event('request.opened', 'id-other')
      },
    })
    const told: string[] = []
    const { promise: done, resolve: onDone } = Promise.withResolvers<void>()
    host.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      told.push(params.uri)
      if (told.length === 3) onDone()
    })
    const uris = [
      'dispatch://lanes/%40a/transcript',
      'dispatch://lanes/%40a/requests',
      'dispatch://requests',
      'dispatch://lanes/%40a/queue',
    ]
    for (const uri of uris) await host.client.subscribeResource({ uri })
    onGo()
    await done
    expect(told.toSorted()).toEqual([
      'dispatch://lanes/%40a/queue',
      'dispatch://lanes/%40a/transcript',
      'dispatch://requests',
    ])
  })
})

describe('prompts', () => {
  test('name the tools as this server has them', async () => {
    await using grouped = await connectHost()
    await using each = await connectHost({ mode: 'each' })
    const { prompts } = await grouped.client.listPrompts()
    expect(prompts.map(({ name }) => name)).toEqual(['delegate', 'review'])
    const args = { task: 'Count the tests.', name: 'count', cwd: '/x', lane: '@a', focus: 'speed' }
    for (const { name } of prompts) {
      const said = await grouped.client.getPrompt({ name, arguments: args })
      const saidEach = await each.client.getPrompt({ name, arguments: args })
      expect(JSON.stringify(said)).toContain('dispatch_thread_read with op ')
      expect(JSON.stringify(saidEach)).toContain(
        name === 'delegate' ? 'dispatch_new,' : 'dispatch_tail,',
      )
      expect(said.messages).toMatchObject([{ role: 'user', content: { type: 'text' } }])
      expect(JSON.stringify(said)).toContain(name === 'delegate' ? args.task : args.focus)
    }
  })

  test('need what they need', async () => {
    await using host = await connectHost()
    await expect(host.client.getPrompt({ name: 'delegate' })).rejects.toThrow('needs task')
    await expect(host.client.getPrompt({ name: 'nothing' })).rejects.toThrow('no prompt nothing')
  })
})
