import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { makeTempDir } from '../test/websocket-server.ts'
import { CodexSpawnError } from './errors.ts'
import { readCodexVersion, spawnSocketServer, spawnStdioServer } from './spawn.ts'

/** A program of the given shell text, called as the Codex binary would be. */
async function makeProgram(script: string) {
  const dir = await makeTempDir()
  const binary = join(dir.path, 'codex')
  await writeFile(binary, `#!/bin/sh\n${script}\n`)
  await chmod(binary, 0o755)
  const program = {
    binary,
    codexHome: dir.path,
    cwd: dir.path,
    env: { PATH: '/usr/bin:/bin', MARK: 'x', CODEX_HOME: '/elsewhere' },
    stderr: 'ignore' as const,
  }
  return { program, [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() }
}

/** The first line that a program says. */
function firstLine({ transport }: Awaited<ReturnType<typeof spawnStdioServer>>) {
  return new Promise<string>((resolve) => transport.start({ onMessage: resolve, onEnd() {} }))
}

describe('spawnStdioServer', () => {
  it('gives the arguments and exactly the environment that was asked for', async () => {
    await using made = await makeProgram('echo "$*|$CODEX_HOME|$MARK|$HOME"; read -r line')
    await using server = await spawnStdioServer({ ...made.program, args: ['-c', 'a=1'] })
    const home = made.program.codexHome
    expect(await firstLine(server)).toBe(`app-server -c a=1|${home}|x|`)
  })

  it('ends with its transport', async () => {
    await using made = await makeProgram('echo ready; read -r line; exit 3')
    await using server = await spawnStdioServer(made.program)
    await firstLine(server)
    await server.transport[Symbol.asyncDispose]()
    expect(await server.exited).toEqual({ code: 3, signal: null })
  })
})

describe('terminate', () => {
  it('ends a program that listens to SIGTERM, and says the same again', async () => {
    await using made = await makeProgram('echo ready; exec tail -f /dev/null')
    await using server = await spawnStdioServer(made.program)
    await firstLine(server)
    expect(await server.terminate()).toEqual({ code: null, signal: 'SIGTERM' })
    expect(await server.terminate()).toEqual({ code: null, signal: 'SIGTERM' })
  })

  it('kills one that does not, when its grace is over', async () => {
    await using made = await makeProgram(`trap '' TERM; echo ready; exec tail -f /dev/null`)
    const graces: number[] = []
    const timers = {
      after(ms: number, run: () => void) {
        graces.push(ms)
        run()
        return () => undefined
      },
    }
    await using server = await spawnStdioServer({ ...made.program, timers })
    await firstLine(server)
    expect(await server.terminate(1234)).toEqual({ code: null, signal: 'SIGKILL' })
    expect(graces).toEqual([1234])
  })

  it('ends a server in a session of its own', async () => {
    await using made = await makeProgram('exec tail -f /dev/null')
    const server = await spawnSocketServer({ ...made.program, socketPath: '/nowhere' })
    const { signal } = await server.terminate()
    expect(signal).toBe('SIGTERM')
  })
})

describe('a program that cannot be used', () => {
  it('is named with the reason', async () => {
    await using made = await makeProgram('exit 7')
    const { program } = made
    await chmod(program.binary, 0o644)
    const attempt = spawnSocketServer({ ...program, socketPath: '/nowhere' })
    await expect(attempt).rejects.toThrow(CodexSpawnError)
    await expect(attempt).rejects.toMatchObject({ binary: program.binary, code: 'EACCES' })
    await chmod(program.binary, 0o755)
    await expect(readCodexVersion(program)).rejects.toThrow('--version failed')
  })

  it('has its version read without its name', async () => {
    await using made = await makeProgram('echo codex-cli 1.2.3')
    expect(await readCodexVersion(made.program)).toBe('1.2.3')
  })
})
