// The program of [notify], on the real Codex: what it is told, when it is not run, and how it fails.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { makePlace } from '../composed.ts'
import { askOnNewLane, done } from './requests/asking.ts'

type Place = Awaited<ReturnType<typeof makePlace>>
type Told = { text: string; event: { type: string } | null; env: Record<string, string> }

const program = `
const { DISPATCH_TEXT, DISPATCH_EVENT, DISPATCH_LANE } = process.env
let input = ''
process.stdin.on('data', (part) => (input += part)).on('end', () => {
  const socket = require('node:net').connect(process.argv[1])
  socket.end(JSON.stringify({ ...JSON.parse(input), env: { DISPATCH_TEXT, DISPATCH_EVENT, DISPATCH_LANE } }))
})`

const configure = (place: Place, command: readonly string[], more = ''): void =>
  writeFileSync(
    join(place.root, 'home', 'config.toml'),
    `[notify]\ncommand = ${JSON.stringify(command)}\n${more}`,
  )

// A place whose program tells a socket.
const listen = async (place: Place, more = '') => {
  const path = join(place.root, 'told.sock')
  const told: Told[] = []
  let heard = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    void text(socket).then((line) => {
      told.push(JSON.parse(line) as Told)
      heard.resolve()
      heard = Promise.withResolvers()
    })
  }).listen(path)
  await once(server, 'listening')
  configure(place, [process.execPath, '-e', program, path], more)
  return {
    /** The next one, in the order of their coming. */
    next: async (): Promise<Told> => {
      for (;;) {
        const one = told.shift()
        if (one) return one
        await heard.promise
      }
    },
    left: () => told.length,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

describe('a person', () => {
  it('is told of what Codex asks, and of the end of the turn', async () => {
    await using place = await makePlace()
    await using person = await listen(place)
    await using running = place.start()
    const { ref, request } = await askOnNewLane(running, 'shell: touch made')
    const asked = await person.next()
    expect(asked).toMatchObject({
      text: `@a asks: ${request.summary}`,
      event: { type: 'request.opened', data: { requestId: request.id } },
      env: { DISPATCH_TEXT: asked.text, DISPATCH_EVENT: 'request.opened', DISPATCH_LANE: '@a' },
    })
    await running.ops().request.approve({ id: request.id })
    await done(running, ref)
    expect(await person.next()).toMatchObject({ event: { type: 'turn.completed' } })
  })

  it('is told of the last of the messages that wait, not of each', async () => {
    await using place = await makePlace()
    await using person = await listen(place, 'on = ["turn.completed"]')
    await using running = place.start()
    const { ref } = await running.ops().new({ name: 'a', send: false })
    await running.ops().queue.pause({ lane: ref })
    for (const message of ['reply: one', 'reply: two', 'reply: three'])
      await running.ops().send({ lane: ref, text: message, mode: 'queue' })
    await running.ops().queue.resume({ lane: ref })
    expect(await person.next()).toMatchObject({ text: '@a is done: three' })
    expect(person.left()).toBe(0)
  })

  it('is told of a turn that nobody stopped, and not of one that somebody did', async () => {
    await using place = await makePlace()
    await using person = await listen(place)
    await using running = place.start()
    const gated = async (name: string): Promise<void> => {
      await running.ops().new({ name, text: `gate: ${name}` })
      await place.model.waitForGate(name)
    }
    await gated('stopped')
    await running.ops().stop({ lane: '@stopped' })
    await gated('cut')
    process.kill(running.codexPid(), 'SIGKILL')
    expect(await person.next()).toMatchObject({
      text: '@cut was interrupted: app-server lost',
      event: { type: 'turn.interrupted', lane: { handle: '@cut' } },
    })
    expect(person.left()).toBe(0)
  })

  it('is told by hand', async () => {
    await using place = await makePlace()
    await using person = await listen(place)
    await using running = place.start()
    const said = running.ops().notify({ text: 'The release\nis out.' })
    expect(await person.next()).toMatchObject({
      text: 'The release is out.',
      event: null,
      env: { DISPATCH_EVENT: 'notify' },
    })
    expect(await said).toMatchObject({ text: 'The release is out.', exitCode: 0 })
  })
})

describe('a program', () => {
  it('that is not named, not there or fails is told to who asks for it', async () => {
    await using place = await makePlace()
    await using running = place.start()
    await expect(running.ops().notify({})).rejects.toMatchObject({
      cause: { code: 'validation', message: 'There is no program that tells anybody.' },
    })
    configure(place, ['/nowhere/notify'])
    await expect(running.ops().notify({})).rejects.toThrow(/did not run to its end: .*ENOENT/)
    configure(place, ['sh', '-c', 'echo no display >&2; exit 3'])
    await expect(running.ops().notify({})).rejects.toMatchObject({
      cause: { message: 'sh ended with 3: no display', details: { exitCode: 3 } },
    })
  })

  it('that fails changes nothing for the lane', async () => {
    await using place = await makePlace()
    configure(place, ['false'])
    await using running = place.start()
    const made = await running.ops().new({ name: 'a', text: 'reply: done', wait: true })
    expect(made).toMatchObject({ lastMessage: 'done' })
  })
})
