import { describe, expect, it } from 'vitest'
import { systemClock } from '../clock/clock.ts'
import { runProgram } from './spawn.ts'

const run = (command: readonly string[], limitMs = 60_000, signal = new AbortController().signal) =>
  runProgram({
    command,
    limitMs,
    signal,
    env: process.env,
    input: 'x',
    clock: systemClock,
    kill: process.kill,
  })

describe('a program that tells a person', () => {
  it('ends with what it says', async () => {
    expect(await run(['sh', '-c', 'cat >&2'])).toMatchObject({ status: 0, said: 'x' })
    expect(await run(['sh', '-c', 'exit 4'])).toMatchObject({ status: 4, said: '' })
    expect(await run(['/nowhere'])).toMatchObject({ status: null })
  })

  it('is killed with what it has started when it does not end', async () => {
    const ran = await run(['sh', '-c', 'sleep 600 & sleep 600'], 50)
    expect(ran).toMatchObject({ status: null, said: 'It did not end within 0.05 seconds.' })
  })

  it('is killed when nobody waits for it', async () => {
    const ending = new AbortController()
    const ran = run(['sh', '-c', 'echo begun >&2; sleep 600'], 60_000, ending.signal)
    ending.abort()
    expect(await ran).toMatchObject({ status: null })
  })

  it('may leave its input alone, and may say more than is kept', async () => {
    const ran = await run(['sh', '-c', 'head -c 100000 /dev/zero | tr "\\0" y >&2'])
    expect(ran.status).toBe(0)
    expect(ran.said).toHaveLength(2_000)
  })
})
