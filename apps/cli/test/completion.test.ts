// The completion scripts: bash's in a real bash; those of zsh and fish are checked by what they say,
// because the shells are not on every machine.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dispatch } from './spawned.ts'

let home = ''
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'dispatch-completion-'))
})
afterAll(() => rmSync(home, { recursive: true }))

const scriptOf = async (shell: string): Promise<string> => {
  const { out, status } = await dispatch(['completion', shell], { home })
  expect(status).toBe(0)
  return out.toString()
}

describe('bash', () => {
  // Completes `line` in a bash whose `dispatch` is `program`, as readline would call it.
  const complete = async (line: string, program: string): Promise<string[]> => {
    const bin = join(home, 'dispatch')
    writeFileSync(bin, `#!/bin/sh\n${program}\n`)
    chmodSync(bin, 0o755)
    const script = `${await scriptOf('bash')}
COMP_LINE=$1; COMP_POINT=\${#1}; _dispatch; printf '%s\\n' "\${COMPREPLY[@]}"`
    const out = execFileSync('bash', ['-c', script, 'bash', line], {
      encoding: 'utf8',
      env: {
        PATH: `${home}:${process.env.PATH}`,
        HOME: home,
        DISPATCH_HOME: join(home, 'dispatch-home'),
      },
    })
    return out.split('\n').filter(Boolean)
  }
  const real = `exec ${process.execPath} ${fileURLToPath(new URL('../bin/dispatch.mjs', import.meta.url))} "$@"`

  test('asks the program', async () => {
    expect(await complete('dispatch da', real)).toEqual(['daemon'])
    expect(await complete('dispatch daemon ', real)).toEqual(['status', 'log', 'logs'])
    expect(await complete('dispatch list --status b', real)).toEqual(['busy'])
  })

  test('hands the words over as they were typed, the last one empty after a blank', async () => {
    const echo = 'printf "%s|" "$@"; echo'
    expect(await complete('dispatch send @do', echo)).toEqual(['complete|--|send|@do|'])
    expect(await complete('dispatch send ', echo)).toEqual(['complete|--|send||'])
  })

  test('gives back only what stands behind a character that bash breaks words at', async () => {
    expect(await complete('dispatch send @do', 'printf "@docs\\tidle\\n@dot\\tbusy\\n"')).toEqual([
      'docs',
      'dot',
    ])
  })

  test('can be sourced twice', async () => {
    const script = await scriptOf('bash')
    expect(execFileSync('bash', ['-euc', `${script}\n${script}`]).toString()).toBe('')
  })
})

test.each([
  ['zsh', ['#compdef dispatch', 'dispatch complete --', '_describe', 'compdef _dispatch dispatch']],
  ['fish', ['function __dispatch_complete', 'dispatch complete --', 'complete -c dispatch -f -a']],
])('%s: the script asks the program', async (shell, parts) => {
  const script = await scriptOf(shell)
  for (const part of parts) expect(script).toContain(part)
})
