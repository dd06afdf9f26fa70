// What Codex asks, from the command line: shown, answered once, also after the daemon was restarted.
import type { NewResult, Request, RequestAnswered, RequestListResult } from '@dispatch/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const ask = ['--approval-policy', 'untrusted', '--sandbox', 'workspace-write', '--text']

const pending = async (): Promise<Request> => {
  const { requests } = (await world.dispatch(['request', 'list'])).json() as RequestListResult
  const [request] = requests
  if (!request) throw new Error('nothing is pending')
  return request
}

test('a lane that asks ends a wait with 6; one answer counts, the next one ends with 9', async () => {
  const made = await world.dispatch(['new', '--name', 'a', ...ask, 'shell: ls'])
  expect((made.json() as NewResult).status).not.toBe('error')
  const waited = await world.dispatch(['wait', '@a'])
  expect(waited.code).toBe(6)
  const { id, command } = await pending()
  expect(command).toContain('ls')
  expect(await world.dispatch(['restart'])).toMatchObject({ code: 0 })
  const approved = await world.dispatch(['request', 'approve', id.slice(0, 20)])
  expect(approved).toMatchObject({ code: 0, stderr: '' })
  expect(approved.json() as RequestAnswered).toMatchObject({
    state: 'answered',
    decision: 'approve',
    answeredBy: 'cli',
    notes: [],
  })
  expect(await world.dispatch(['request', 'deny', id])).toMatchObject({ code: 9, stdout: '' })
  expect(await world.dispatch(['wait', '@a'])).toMatchObject({ code: 0 })
  expect(await world.dispatch(['request', 'get', 'ffff'])).toMatchObject({ code: 4 })
})

test('a follower sees a request come and go; text shows what is asked', async () => {
  await using follow = world.follow(['request', 'list', '--follow'])
  await world.dispatch(['new', '--name', 'b', ...ask, 'patch: notes.txt\nhello'])
  await world.dispatch(['wait', '@b', '--until', 'approval'])
  const { id } = await pending()
  const text = await world.dispatch(['request', 'get', id, '--output', 'text'])
  expect(text.stdout).toContain(`${world.work}/notes.txt`)
  expect(text.stdout).toContain('hello')
  const table = await world.dispatch(['request', 'list', '--output', 'text'])
  expect(table.stdout).toContain('file_change')
  const stateOf = (line: string): string => (JSON.parse(line) as Request).state
  await follow.line((line) => stateOf(line) === 'pending')
  await world.dispatch(['request', 'deny', '@b', '--message', 'reply: as you wish'])
  await follow.line((line) => stateOf(line) === 'answered')
  expect(follow.lines.map(stateOf)).toEqual(['pending', 'answered'])
  expect(await world.dispatch(['wait', '@b'])).toMatchObject({ code: 0 })
  expect((await world.dispatch(['get', '@b'])).json()).toMatchObject({
    lastMessage: 'as you wish',
    pendingRequests: 0,
  })
})
