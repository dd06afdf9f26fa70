// The bin as a child process: what only a real process shows.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dispatch, ended, startDispatch } from './spawned.ts'

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dispatch-cli-'))
})
afterAll(() => rmSync(home, { recursive: true }))

describe('the bin', () => {
  test('alone prints help, with its version on --version', async () => {
    const help = await dispatch([], { home })
    expect(help).toMatchObject({ status: 0, err: '' })
    expect(help.out.toString()).toContain('Usage: dispatch COMMAND')
    const version = await dispatch(['--version'], { home })
    expect(version.out.toString()).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('a wrong word exits 2 with the body on stderr', async () => {
    const { status, out, err } = await dispatch(['lisst'], { home })
    expect({ status, out: out.length }).toEqual({ status: 2, out: 0 })
    expect(JSON.parse(err).error).toMatchObject({ code: 'usage', hint: 'Did you mean list?' })
  })

  test('without a daemon that may be started it exits 8', async () => {
    const { status, out, err } = await dispatch(['list'], { home })
    expect({ status, out: out.length }).toEqual({ status: 8, out: 0 })
    expect(JSON.parse(err).error).toMatchObject({ code: 'daemon_unreachable', retryable: true })
  })

  test('more than a pipe holds arrives whole, however slowly it is read', async () => {
    const child = startDispatch(['schema', '--all'], { home })
    child.stdin?.end()
    // Nothing is read until the child cannot write any more.
    child.stdout?.pause()
    const collected = ended(child)
    child.stdout?.resume()
    const { status, out } = await collected
    expect(status).toBe(0)
    expect(out.length).toBeGreaterThan(65_536)
    expect(JSON.parse(out.toString())).toHaveProperty('commands')
  })

  test('a reader that has gone is no error', async () => {
    const child = startDispatch(['schema', '--all'], { home })
    child.stdin?.end()
    child.stdout?.destroy()
    const { status, signal, err } = await ended(child)
    expect({ status, signal, err }).toEqual({ status: 0, signal: null, err: '' })
  })

  test('a text from stdin reaches the check of the input', async () => {
    const { status, err } = await dispatch(['send', '@a', 'hi', '--input-file', '-'], {
      home,
      input: 'x',
    })
    expect(status).toBe(2)
    expect(JSON.parse(err).error.message).toContain('not both')
  })
})
