// The demo, as a stranger runs it: on the real Codex, in a throw-away home, to its clean end.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dispatch, ended, startDispatch } from './spawned.ts'

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dsp-demo-'))
})
afterAll(() => rmSync(home, { recursive: true }))

const surroundings = (env: Record<string, string> = {}) => ({ home, env: { TMPDIR: home, ...env } })

describe('demo', () => {
  test('plays the main job and leaves nothing behind', async () => {
    const { status, out, err } = await dispatch(['demo'], surroundings())
    expect({ status, err }).toEqual({ status: 0, err: '' })
    const text = out.toString()
    const steps = [
      '$ dispatch up',
      '$ dispatch new --name docs',
      '$ dispatch new --name tests',
      '$ dispatch new --name refactor',
      '$ dispatch send @docs',
      'How about: One desk for many agents.',
      '$ dispatch stop @refactor',
      '$ dispatch tail @docs',
      '$ dispatch list',
      '$ dispatch down',
      'Three lanes at work at once',
    ]
    const places = steps.map((step) => text.indexOf(step))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(text).not.toContain('\u001b')
    expect(readdirSync(home)).toEqual([])
  })

  test('broken off in the middle, it cleans up as well', async () => {
    const child = startDispatch(['demo'], surroundings())
    child.stdin?.end()
    const collected = ended(child)
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('@refactor  works')) child.kill('SIGINT')
    })
    expect(await collected).toMatchObject({ status: 130, err: '' })
    expect(readdirSync(home)).toEqual([])
  })

  test('without a Codex it says how to get one', async () => {
    const { status, err } = await dispatch(
      ['demo'],
      surroundings({ DISPATCH_CODEX: '/absent/codex' }),
    )
    expect(status).toBe(8)
    expect(JSON.parse(err).error).toMatchObject({
      code: 'app_server',
      hint: expect.stringContaining('npm install -g @openai/codex') as string,
    })
    expect(readdirSync(home)).toEqual([])
  })
})
