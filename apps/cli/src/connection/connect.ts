// The daemon through the client package. Nothing is connected or started before the first call.
import { createDispatchClient, makeCallIds } from '@dispatch/client'
import type { TraceResult } from '@dispatch/contract'
import type { Setting } from '../execute.ts'
import { clientOptions } from './client-options.ts'
import type { Io } from '../io.ts'
import type { Remote } from './remote.ts'

// Ids of calls need no secrecy, and the first use of Web Crypto costs a cold process 4.6 ms. The first
// random number of any kind costs 1 ms; what only reads needs no id.
const callIds = ({ now, random }: Io): (() => string) =>
  makeCallIds({
    now,
    random: (bytes) => {
      for (let at = 0; at < bytes.length; at += 1) bytes[at] = Math.floor(random() * 256)
    },
  })

/** The daemon of a run. */
export const connect = async (setting: Setting): Promise<Remote> => {
  const newId = callIds(setting.io)
  const client = createDispatchClient(clientOptions(setting))
  /** Of the last call that writes. */
  let callId = ''
  return {
    call: (form, input, signal) => {
      const options = { signal, autostart: form.autostart }
      if (form.kind === 'query') return client.call(form.op, 'query', input, options)
      callId = newId()
      return client.call(form.op, 'mutation', input, { ...options, callId })
    },
    trace: async (op, signal) => {
      if (callId === '' || !client.wasConnected())
        return { lane: null, delivery: null, messages: [] }
      const options = { signal, autostart: false }
      return (await client.call(op, 'query', { callId }, options)) as TraceResult
    },
    async *stream(form, input, signal) {
      const options = { signal, autostart: form.autostart }
      for await (const { data } of client.subscribe(form.op, input, options)) yield data
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}
