// Another program that has joined a lane on the same App Server, as a terminal UI does.
import { connectCodex, connectWebSocket } from '@dispatch/codex-client'
import type { RunningDaemon } from '../../composed.ts'

/** Joins the thread, and returns when it was asked for a command. */
export const joinAsOther = async (running: RunningDaemon, threadId: string) => {
  const { codex } = await running.ops().daemon.status({})
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<'accept' | 'decline'>()
  const client = await connectCodex({
    transport: await connectWebSocket({ socketPath: codex.socket ?? '', timeoutMs: 5_000 }),
    clientInfo: { name: 'other', title: 'other', version: '1' },
    onFault: () => undefined,
    serverRequests: {
      'item/commandExecution/requestApproval': async () => {
        asked.resolve()
        return { decision: await answer.promise }
      },
    },
  })
  await client.request('thread/resume', { threadId, excludeTurns: true })
  await asked.promise
  return {
    client,
    says: (decision: 'accept' | 'decline') => answer.resolve(decision),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}
