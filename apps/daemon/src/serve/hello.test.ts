import { expect, it } from 'vitest'
import { helloToCaller } from './hello.ts'

const hello = { wire: 1, version: '1.2.3', caller: 'cli', cwd: '/work', zone: 'Etc/UTC' }

it('has the CODEX_HOME of the caller, or null', () => {
  expect(helloToCaller({ ...hello, codexHome: '/codex' })).toMatchObject({ codexHome: '/codex' })
  expect(helloToCaller(hello)).toMatchObject({ codexHome: null, threadId: null })
})

it('takes a CODEX_HOME that is no path for none, and refuses nothing for it', () => {
  for (const codexHome of ['~/.codex', '', 7, null]) {
    expect(helloToCaller({ ...hello, codexHome })).toMatchObject({ cwd: '/work', codexHome: null })
  }
})

it('is refused where it says wrongly who calls, and from where', () => {
  for (const wrong of [{ cwd: 'work' }, { caller: 'you' }, { wire: 'one' }, { zone: '' }]) {
    expect(helloToCaller({ ...hello, ...wrong })).toBeNull()
  }
})
