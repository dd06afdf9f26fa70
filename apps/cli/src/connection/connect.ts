// The daemon through the client package. Nothing is connected or started before the first call.
import { createDispatchClient } from '@dispatch/client'
import type { Form } from '../commands/command.ts'
import type { Setting } from '../execute.ts'
import { clientOptions } from './client-options.ts'
import type { Remote } from './remote.ts'

const kindOf = ({ kind }: Form): 'query' | 'mutation' => (kind === 'query' ? 'query' : 'mutation')

/** The daemon of a run. */
export const connect = async (setting: Setting): Promise<Remote> => {
  const client = createDispatchClient(clientOptions(setting))
  return {
    call: (form, input, signal) =>
      client.call(form.op, kindOf(form), input, { signal, autostart: form.autostart }),
    async *stream(form, input, signal) {
      const options = { signal, autostart: form.autostart }
      for await (const { data } of client.subscribe(form.op, input, options)) yield data
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}
