// An agent whose model is told which tools to call: what it calls, and what it is answered.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelRequest } from '@dispatch/model-simulator'
import type { Place, RunningDaemon } from '../../composed.ts'

/** The line of a message that makes the model call that tool of dispatch. */
export const call = (name: string, input: object = {}): string =>
  `tool: dispatch_${name} ${JSON.stringify(input)}`

/** What a tool said. */
export type Answer = Record<string, unknown> & {
  error?: { code: string; message: string; hint: string | null; details: object | null } | null
}

type Item = { type?: string; call_id?: string; output?: unknown }

const outputsOf = ({ rawBody }: ModelRequest): [string, string][] =>
  (JSON.parse(rawBody) as { input: Item[] }).input.flatMap(({ type, call_id: id, output }) =>
    type === 'function_call_output' && id ? [[id, textOf(output)]] : [],
  )

const textOf = (output: unknown): string =>
  Array.isArray(output)
    ? output.map((part: { text?: string }) => part.text ?? '').join('')
    : String(output)

/** What the tools of a lane have said in all its turns, each call once. */
export const answersOf = ({ model }: Place, threadId: string): Answer[] => {
  const requests = model.requests.filter((request) => request.threadId === threadId)
  const outputs = new Map(requests.flatMap(outputsOf))
  return [...outputs.values()].map((text) => JSON.parse(text) as Answer)
}

/** Sends an agent calls to make, one after the other, and gives what it was answered. */
export const made = async (
  { place, running, lane }: { place: Place; running: RunningDaemon; lane: { id: string } },
  ...calls: string[]
): Promise<Answer[]> => {
  const before = answersOf(place, lane.id).length
  await running.ops().send({ lane: lane.id, text: calls.join('\n'), wait: true })
  return answersOf(place, lane.id).slice(before)
}

/** Writes the global configuration. */
export const configure = ({ root }: Place, text: string): void =>
  writeFileSync(join(root, 'home/config.toml'), text)

/** Resolves when that lane's agent has begun to call a tool. */
export const calling = (running: RunningDaemon, threadId: string) =>
  running.event(
    ({ type, lane, data }) =>
      type === 'item.started' && lane?.id === threadId && data.type === 'dynamicToolCall',
  )
