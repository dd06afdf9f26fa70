/**
 * Which directives one request is answered with. A text's directives fall into segments, one model
 * request each: a tool call ends its segment, and Codex comes back with the call's output. The
 * segment is read from the request itself (outputs since the prompt), so that a repeated request
 * gets the same answer and a restarted simulator goes on where it was.
 */
import { textToDirectives } from './directive.ts'
import type { Directive } from './directive.ts'
import type { ModelRequest } from './model-request.ts'

type Of<K extends Directive['kind']> = Extract<Directive, { kind: K }>

export interface AnswerPlan {
  /** What happens in the place of an answer, before any header. */
  instead: Of<'fail-http'> | Of<'hang'> | undefined
  steps: Directive[]
  /** Ends with a message of the simulator's own words: nothing else would be the answer. */
  closesWithReply: boolean
}

const isCall = ({ kind }: Directive) => kind === 'shell' || kind === 'patch' || kind === 'tool'
const isLast = ({ kind }: Directive) => kind === 'fail-event' || kind === 'cut' || kind === 'hang'
const isSilent = ({ kind }: Directive) => ['reason', 'wait', 'quiet'].includes(kind)

function segmentAt(directives: Directive[], index: number): Directive[] {
  let from = 0
  for (let passed = 0; passed < index; passed += 1) {
    const call = directives.findIndex((directive, at) => at >= from && isCall(directive))
    if (call === -1) return []
    from = call + 1
  }
  const to = directives.findIndex((directive, at) => at >= from && isCall(directive))
  return directives.slice(from, to === -1 ? undefined : to + 1)
}

const hasPassed = (directive: Directive, attempt: number) =>
  'times' in directive && attempt > directive.times

/** `attempt` is 1 for the first time that exactly this was asked; a failure `x2` fails 1 and 2. */
export function planAnswer(script: string, request: ModelRequest, attempt: number): AnswerPlan {
  // One call may give several outputs (`notify` inside the newer models' `exec`).
  const calls = new Set(request.toolOutputs.map(({ callId }) => callId)).size
  const segment = segmentAt(textToDirectives(script), calls)
  const due = segment.filter((directive) => !hasPassed(directive, attempt))
  const instead = due.find((directive): directive is NonNullable<AnswerPlan['instead']> => {
    return (
      directive.kind === 'fail-http' || (directive.kind === 'hang' && directive.at === 'headers')
    )
  })
  const end = due.findIndex(isLast)
  const steps = end === -1 ? due : due.slice(0, end + 1)
  return { instead, steps, closesWithReply: steps.every(isSilent) }
}
