/**
 * One answer on the wire: the server-sent events of the Responses API, item by item, with ids made
 * from a key so that the same request always gets the same ids. Counts what it sent for `usage`.
 */
import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'

export interface ResponseStream {
  /** Opens a message; its deltas follow, `done` sends the whole of it. */
  message(): { delta(text: string): void; done(): void }
  reasoning(text: string): void
  /** An item that is complete at once, such as a tool call. `id` and `call_id` are added. */
  call(item: { type: string; [field: string]: unknown }): void
  failed(code: string): void
  completed(): void
}

export interface ResponseStreamOptions {
  response: ServerResponse
  /** Names the request; the ids are made from it. */
  key: string
  inputLength: number
}

/** Four characters a token: near enough for an amount that only has to be plausible. */
const tokens = (length: number) => Math.ceil(length / 4)

export function makeResponseStream(options: ResponseStreamOptions): ResponseStream {
  const { response, key, inputLength } = options
  let index = -1
  let said = 0
  let reasoned = 0
  const idOf = (prefix: string) =>
    `${prefix}_${createHash('sha256').update(`${key}:${index}`).digest('hex').slice(0, 24)}`
  const emit = (type: string, fields: object) => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`)
  }
  const added = (item: object) => emit('response.output_item.added', { output_index: index, item })
  const done = (item: object) => emit('response.output_item.done', { output_index: index, item })

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const responseId = idOf('resp')
  emit('response.created', { response: { id: responseId, status: 'in_progress' } })

  return {
    message() {
      index += 1
      const at = index
      const item = { type: 'message', role: 'assistant', id: idOf('msg') }
      let text = ''
      added({ ...item, content: [] })
      return {
        delta(delta) {
          text += delta
          said += delta.length
          const place = { item_id: item.id, output_index: at, content_index: 0 }
          emit('response.output_text.delta', { ...place, delta })
        },
        done: () => done({ ...item, content: [{ type: 'output_text', text }] }),
      }
    },
    reasoning(text) {
      index += 1
      reasoned += text.length
      const item = { type: 'reasoning', id: idOf('rs'), encrypted_content: null }
      const place = { item_id: item.id, output_index: index, summary_index: 0 }
      const part = { type: 'summary_text', text }
      added({ ...item, summary: [] })
      emit('response.reasoning_summary_part.added', { ...place, part: { ...part, text: '' } })
      emit('response.reasoning_summary_text.delta', { ...place, delta: text })
      done({ ...item, summary: [part] })
    },
    call(item) {
      index += 1
      said += JSON.stringify(item).length
      done({ id: idOf('fc'), call_id: idOf('call'), ...item })
    },
    failed(code) {
      const error = { code, message: `simulated failure: ${code}` }
      emit('response.failed', { response: { id: responseId, status: 'failed', error } })
      response.end()
    },
    completed() {
      const [input, output, reasoning] = [inputLength, said + reasoned, reasoned].map(tokens)
      const usage = {
        input_tokens: input,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: output,
        output_tokens_details: { reasoning_tokens: reasoning },
        total_tokens: (input ?? 0) + (output ?? 0),
      }
      emit('response.completed', { response: { id: responseId, status: 'completed', usage } })
      response.end()
    },
  }
}
