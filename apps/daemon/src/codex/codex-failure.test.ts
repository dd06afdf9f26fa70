import { CodexRpcError } from '@dispatch/codex-client'
import { expect, it } from 'vitest'
import { codexFailureToError } from './codex-failure.ts'

it('says what a Codex does not offer, and how to get it', () => {
  const message = 'Invalid request: unknown variant `thread/fork`, expected one of `initialize`'
  expect(
    codexFailureToError(new CodexRpcError('thread/fork', { code: -32600, message })),
  ).toMatchObject({
    code: 'app_server',
    message: 'This Codex does not offer thread/fork.',
    hint: expect.stringContaining('dispatch doctor') as string,
  })
  // A wrong value of a parameter is worded alike.
  const other = 'Invalid request: unknown variant `odd`, expected one of `a`'
  expect(
    codexFailureToError(new CodexRpcError('thread/fork', { code: -32600, message: other })),
  ).toMatchObject({ message: expect.stringContaining('Codex refused') as string })
})
