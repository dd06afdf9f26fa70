// What is asked of the person before something is done: a text, a yes, the answers to a question. Each
// prompt names what it is about by id, so that rows that move under it change nothing. Pure.
import { emptyLine } from './line.ts'
import { laneAt, show } from './moves.ts'
import { selectedRow } from './rows.ts'
import type { TopState } from './state.ts'
import type { Effect, SendMode } from './effect.ts'
import { act, saying, stay, type Step } from './step.ts'

const refuse = (state: TopState, text: string): Step => stay(saying(state, 'error', text))

const confirm = (state: TopState, question: string, effect: Effect): Step =>
  stay({ ...state, prompt: { kind: 'confirm', question, effect } })

/** Asks for the words that the lists are narrowed to. */
export const askFilter = (state: TopState): Step =>
  stay({
    ...state,
    filter: '',
    prompt: { kind: 'filter', line: emptyLine, before: state.filter },
  })

/** Asks for a message to the lane: a turn now, or where it works its queue. */
export const askSend = (state: TopState): Step => {
  const lane = laneAt(state)
  if (lane === null) return refuse(state, 'There is no lane to send to.')
  const status = state.lanes?.find(({ id }) => id === lane.id)?.status
  const mode: SendMode = status === 'busy' || status === 'waiting_approval' ? 'queue' : 'send'
  const { id: laneId, handle } = lane
  return stay({ ...state, prompt: { kind: 'send', laneId, handle, mode, line: emptyLine } })
}

/** Asks whether the lane is to be stopped. */
export const askStop = (state: TopState): Step => {
  const lane = laneAt(state)
  if (lane === null) return refuse(state, 'There is no lane to stop.')
  const { id: laneId, handle } = lane
  return confirm(state, `Stop the turn of ${handle}?`, { do: 'stop', laneId, handle })
}

/** Hands the terminal to Codex's own UI on the lane. */
export const openCodex = (state: TopState): Step => {
  const lane = laneAt(state)
  if (lane === null) return refuse(state, 'There is no lane to open.')
  return act(state, { do: 'codex', laneId: lane.id })
}

/** Shows all that the lane asks first: nothing is decided by a line that was cut. */
export const showAsked = (state: TopState): Step => {
  const lane = laneAt(state)
  const request = state.requests.find((one) => one.lane?.id === lane?.id)
  if (!request) return refuse(state, 'Nothing is asked here.')
  const { state: shown, effects } = show({ ...state, filter: '' }, 'requests')
  const selected = { ...shown.selected, requests: { id: request.id, at: 0 } }
  return { state: { ...shown, selected, requestScroll: 0 }, effects }
}

type Decided = 'approve' | 'approve_for_session' | 'deny' | 'deny_and_cancel'

const decisions: Record<Decided, { verb: string; effect: (id: string) => Effect }> = {
  approve: { verb: 'Approve', effect: (id) => ({ do: 'approve', id, forSession: false }) },
  approve_for_session: {
    verb: 'Approve, and for as long as the thread is loaded,',
    effect: (id) => ({ do: 'approve', id, forSession: true }),
  },
  deny: { verb: 'Deny', effect: (id) => ({ do: 'deny', id, cancelTurn: false }) },
  deny_and_cancel: {
    verb: 'Deny, and stop the turn,',
    effect: (id) => ({ do: 'deny', id, cancelTurn: true }),
  },
}

const noRequest = 'Codex asks nothing.'

/** Asks whether the request is to be decided so. */
export const askDecision = (state: TopState, decision: Decided): Step => {
  const request = selectedRow(state, 'requests')
  if (!request) return refuse(state, noRequest)
  const isDenial = decision === 'deny' && request.offered.includes('cancel')
  if (!request.offered.includes(decision) && !isDenial) {
    return refuse(state, `This takes no such answer, only: ${request.offered.join(', ')}.`)
  }
  const { verb, effect } = decisions[decision]
  const who = request.lane?.handle ?? 'no lane'
  return confirm(state, `${verb} ${who}: ${request.summary}?`, effect(request.id))
}

/** Asks for the answers of a question, one after the other, or for the answer as JSON. */
export const askAnswer = (state: TopState): Step => {
  const request = selectedRow(state, 'requests')
  if (!request) return refuse(state, noRequest)
  if (!request.offered.includes('respond')) {
    return refuse(state, `This takes no such answer, only: ${request.offered.join(', ')}.`)
  }
  return stay({ ...state, prompt: { kind: 'answer', request, answers: {}, line: emptyLine } })
}

/** Asks whether the message that waits is to be taken out. */
export const askCancel = (state: TopState): Step => {
  const message = selectedRow(state, 'queue')
  if (!message) return refuse(state, 'Nothing waits.')
  const { id, handle } = message
  return confirm(state, `Take "${message.preview}" out of the queue of ${handle}?`, {
    do: 'cancel',
    id,
  })
}

/** Holds the queue of the lane of the row, or lets it go on. */
export const toggleHold = (state: TopState): Step => {
  const message = selectedRow(state, 'queue')
  if (!message) return refuse(state, 'Nothing waits.')
  const { laneId, handle, hold } = message
  return act(state, { do: 'hold', laneId, handle, hold: hold === null })
}

/** Pauses the trigger of the row, or lets it fire again. */
export const togglePause = (state: TopState): Step => {
  const trigger = selectedRow(state, 'triggers')
  if (!trigger) return refuse(state, 'There are no triggers.')
  const { id: triggerId, name, state: now } = trigger
  return act(state, { do: 'pause', triggerId, name, pause: now === 'active' })
}

/** Asks whether the trigger is to fire now. */
export const askFire = (state: TopState): Step => {
  const trigger = selectedRow(state, 'triggers')
  if (!trigger) return refuse(state, 'There are no triggers.')
  const { id: triggerId, name } = trigger
  return confirm(state, `Fire ${name} now?`, { do: 'fire', triggerId, name })
}
