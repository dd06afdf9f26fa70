// What the server says to requests for completions: the lanes that a half-typed word may mean, wherever an
// argument of a prompt or a field of an address names one. Starts no daemon; what fails completes nothing.
import type { BeginningResult } from '@dispatch/contract'
import type { Manifest } from '@dispatch/contract/manifest'
import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { CompleteRequestSchema, type CompleteResult } from '@modelcontextprotocol/sdk/types.js'
import { LANE_FIELD } from './resources.ts'
import { callingOf, type Extra, type Serving } from './serving.ts'

/** The op that gives the lanes whose handle or ref begins so. */
export const BEGINNING_OP = 'lanesBeginning'

/** As many as the protocol takes. */
const VALUES_MAX = 100

// A handle may be typed without its sign.
const toWord = (value: string): string => (/^[@0]/.test(value) ? value : `@${value}`)

const lanesToValues = ({ lanes }: BeginningResult, word: string): string[] =>
  lanes.map(({ handle, ref }) => (handle.startsWith(word) ? handle : ref))

const nothing: CompleteResult = { completion: { values: [], hasMore: false } }

/** Answers them. */
export const serveCompletions = (server: Server, serving: Serving, manifest: Manifest): void => {
  const op = manifest.ops.find(({ path }) => path === BEGINNING_OP)

  const complete = async (value: string, extra: Extra): Promise<CompleteResult> => {
    if (!op) return nothing
    const word = toWord(value)
    // One more than is told says whether there are others.
    const input = { word, limit: VALUES_MAX + 1 }
    const found = await serving.calls.call(op, input, callingOf(serving, extra))
    const values = lanesToValues(found as BeginningResult, word)
    return {
      completion: { values: values.slice(0, VALUES_MAX), hasMore: values.length > VALUES_MAX },
    }
  }

  server.setRequestHandler(CompleteRequestSchema, async ({ params: { argument } }, extra) =>
    argument.name === LANE_FIELD
      ? await complete(argument.value, extra).catch(() => nothing)
      : nothing,
  )
}
