/** Starting, steering and interrupting turns, and what is put into a thread without one. */
import { Refusal } from './failure.ts'
import { loadedThread } from './method.ts'
import type { Context, Method, Params } from './method.ts'
import { startTurn } from './turns.ts'
import type { RunningTurn, UserInput } from './turns.ts'

function activeTurn(
  context: Context,
  params: Params,
  { verb, expected }: { verb: string; expected: unknown },
): RunningTurn {
  const thread = loadedThread(context, params)
  const active = context.running.get(thread.id)
  if (!active?.isStarted) throw new Refusal(`no active turn to ${verb}`)
  const { id } = active.turn
  if (expected !== id) {
    throw new Refusal(`expected active turn id \`${String(expected)}\` but found \`${id}\``)
  }
  return active
}

const start: Method = (params, context) => {
  const thread = loadedThread(context, params)
  const message = params as unknown as UserInput
  const { store, peers, running, exit, faults, asked } = context
  const active = running.get(thread.id)
  const answer = (id: string) => ({
    turn: {
      id,
      rootTurnId: id,
      items: [],
      itemsView: 'notLoaded',
      status: 'inProgress',
      error: null,
      startedAt: null,
      completedAt: null,
      durationMs: null,
    },
  })
  // As the real one: a second turn/start steers the first without a word.
  if (active) {
    active.steer(message)
    return answer(active.turn.id)
  }
  const ended = () => void running.delete(thread.id)
  const script = faults.nextTurn()
  const turn = startTurn({ store, peers, thread, script, message, asked, exit, ended })
  running.set(thread.id, turn)
  return answer(turn.turn.id)
}

const steer: Method = (params, context) => {
  const message = params as unknown as UserInput
  if (message.input.length === 0) throw new Refusal('input must not be empty')
  const active = activeTurn(context, params, { verb: 'steer', expected: params['expectedTurnId'] })
  active.steer(message)
  return { turnId: active.turn.id }
}

const interrupt: Method = (params, context) => {
  activeTurn(context, params, { verb: 'interrupt', expected: params['turnId'] }).interrupt()
  return {}
}

const injectItems: Method = (params, context) => {
  const thread = loadedThread(context, params)
  const items = params['items'] as object[]
  if (items.length === 0) throw new Refusal('items must not be empty')
  const lines = items.map((payload) => ({ type: 'response_item', payload }))
  context.store.append(thread, lines)
  context.store.save()
  return {}
}

export const turnMethods: Record<string, Method> = {
  'turn/start': start,
  'turn/steer': steer,
  'turn/interrupt': interrupt,
  'thread/inject_items': injectItems,
  'thread/backgroundTerminals/list': () => ({ data: [], nextCursor: null }),
  'thread/backgroundTerminals/clean': () => ({}),
}
