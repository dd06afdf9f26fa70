// The lanes that a call of an agent names: each is found once, and the call goes on with its id, so that what
// is judged is what is acted on.
import type { FieldMeta, JsonSchema } from '@dispatch/contract/manifest'
import type { LaneRow, Store } from '@dispatch/store'
import type { LaneTool } from '@dispatch/tools'
import type { Target } from './bounds.ts'
import type { Waiting } from './waiting.ts'

/** What finding lanes needs. */
export type NamedLanesOptions = {
  store: Store
  find: { reading(selector: string): LaneRow; writing(selector: string): LaneRow }
  waiting: Waiting
}

/** The input of an op by field. */
export type Input = Record<string, unknown>

/** A field of a tool, with what the contract says of it. */
export type Field = JsonSchema & FieldMeta

/** The field of that name; undefined where the tool has none. */
export const fieldOf = ({ op }: LaneTool, name: string): Field | undefined =>
  (op.input.properties as Record<string, Field> | undefined)?.[name]

/** The input with lanes by their ids, and these lanes. Throws where a selector names none. */
export type NamedLanes = (
  tool: LaneTool,
  input: Input,
  caller: LaneRow,
) => { input: Input; targets: Target[] }

/** Makes the finding of them. */
export const makeNamedLanes = ({ store, find, waiting }: NamedLanesOptions): NamedLanes => {
  const isMadeBy = (lane: LaneRow, caller: LaneRow): boolean => {
    for (let at: LaneRow | null = lane; at !== null && at.parentId !== null;) {
      if (at.parentId === caller.threadId) return true
      at = store.lanes.get(at.parentId)
    }
    return false
  }

  return (tool, input, caller) => {
    const targets: Target[] = []
    const toId = (selector: unknown): unknown => {
      // What is no text the op itself refuses.
      if (typeof selector !== 'string') return selector
      const lane = tool.op.meta.intent === 'read' ? find.reading(selector) : find.writing(selector)
      const { threadId, handle } = lane
      const isWaiting = waiting.isFor(threadId, caller.threadId)
      targets.push({ threadId, handle, isOwn: isMadeBy(lane, caller), isWaiting })
      return threadId
    }
    const resolved = Object.entries(input).map(([name, value]): [string, unknown] => {
      const field = fieldOf(tool, name)
      if (field?.selector === true) return [name, toId(value)]
      const isList = (field?.items as Field | undefined)?.selector === true && Array.isArray(value)
      return [name, isList ? value.map(toId) : value]
    })
    return { input: Object.fromEntries(resolved), targets }
  }
}
