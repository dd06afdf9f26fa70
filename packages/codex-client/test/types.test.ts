// What the compiler promises to those who use the client, and that nothing of the generated types
// is there at run time. The `@ts-expect-error` lines are checked by tsc, not when this runs.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, expectTypeOf, it } from 'vitest'

import type {
  CodexClient,
  CodexNotificationParams,
  CodexParams,
  CodexResult,
  CodexServerHandlers,
  protocol,
} from '../src/index.ts'

describe('the types', () => {
  it('tie params and results to the method', () => {
    expectTypeOf<CodexParams<'thread/start'>>().toEqualTypeOf<protocol.ThreadStartParams>()
    expectTypeOf<CodexResult<'turn/start'>['turn']>().toEqualTypeOf<protocol.Turn>()
    expectTypeOf<
      CodexNotificationParams<'turn/started'>
    >().toEqualTypeOf<protocol.TurnStartedNotification>()
    expectTypeOf<CodexResult<'thread/read'>>().not.toBeAny()
  })

  it('refuse what the protocol does not have', () => {
    const refused = (client: CodexClient) => [
      // @ts-expect-error no such method
      client.request('thread/dream', {}),
      // @ts-expect-error params are never left out: the server wants at least {}
      client.request('model/list'),
      // @ts-expect-error the turn's input is missing
      client.request('turn/start', { threadId: 't' }),
      // @ts-expect-error on-failure is gone
      client.request('thread/start', { approvalPolicy: 'on-failure' }),
    ]
    const handlers: CodexServerHandlers = {
      // @ts-expect-error no such decision
      'item/fileChange/requestApproval': () => ({ decision: 'perhaps' }),
    }
    expect([refused, handlers]).toHaveLength(2)
  })
})

describe('the generated types', () => {
  it('are imported as types only', async () => {
    const folder = join(import.meta.dirname, '../src')
    const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'))
    const sources = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
    const uses = sources.flatMap((text) =>
      [...text.matchAll(/^(.*)from '\.\/generated\//gm)].map(([, head]) => head ?? ''),
    )
    expect(uses.length).toBeGreaterThan(40)
    expect(uses.filter((head) => !/^(import|export) type /.test(head))).toEqual([])
  })
})
