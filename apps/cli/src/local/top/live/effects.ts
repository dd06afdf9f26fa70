// Carries out what a key asks of the daemon, and says how it went. What is asked of the terminal is
// carried out by top.ts.
import { type DispatchClient, DispatchError, type ErrorBody } from '@dispatch/client'
import type { Change } from '../model/change.ts'
import type { Effect } from '../model/effect.ts'

/** What is asked of the daemon. */
export type DaemonEffect = Exclude<
  Effect,
  { do: 'leave' } | { do: 'suspend' } | { do: 'redraw' } | { do: 'codex' } | { do: 'follow' }
>

type Said = string | Pick<ErrorBody, 'message' | 'hint'>

type Act<Kind extends DaemonEffect['do']> = (
  effect: Extract<DaemonEffect, { do: Kind }>,
  api: DispatchClient['api'],
  options: { signal: AbortSignal },
) => Promise<Said>

const short = (id: string): string => id.slice(0, 8)

const acts: { [Kind in DaemonEffect['do']]: Act<Kind> } = {
  send: async ({ laneId, handle, text, mode }, api, options) => {
    const { delivery, error } = await api.send({ lane: laneId, text, mode }, options)
    return error ?? `The message to ${handle} is ${delivery.state}.`
  },
  stop: async ({ laneId, handle }, api, options) => {
    await api.stop({ lane: laneId }, options)
    return `${handle} is stopped.`
  },
  approve: async ({ id, forSession }, api, options) => {
    const { lane } = await api.request.approve({ id, forSession }, options)
    return `Approved for ${lane?.handle ?? 'a thread of no lane'}.`
  },
  deny: async ({ id, cancelTurn }, api, options) => {
    const { lane } = await api.request.deny({ id, cancelTurn }, options)
    return `Denied to ${lane?.handle ?? 'a thread of no lane'}.`
  },
  respond: async ({ id, answer }, api, options) => {
    const { lane } = await api.request.respond({ id, answer }, options)
    return `Answered ${lane?.handle ?? 'a thread of no lane'}.`
  },
  cancel: async ({ id }, api, options) => {
    await api.queue.cancel({ target: id }, options)
    return `Message ${short(id)} is cancelled.`
  },
  hold: async ({ laneId, handle, hold }, api, options) => {
    await (hold ? api.queue.pause : api.queue.resume)({ lane: laneId }, options)
    return hold ? `${handle} holds what waits for it.` : `The queue of ${handle} goes on.`
  },
  pause: async ({ triggerId, name, pause }, api, options) => {
    await (pause ? api.trigger.pause : api.trigger.resume)({ trigger: triggerId }, options)
    return pause ? `${name} is paused.` : `${name} fires again.`
  },
  fire: async ({ triggerId, name }, api, options) => {
    const { outcome, reason } = await api.trigger.run({ trigger: triggerId }, options)
    return `${name}: ${outcome}${reason === null ? '' : `, ${reason}`}.`
  },
}

const toNotice = (said: Said): Change => {
  if (typeof said === 'string') return { kind: 'notice', notice: { tone: 'ok', text: said } }
  const hint = said.hint === null ? '' : `  hint: ${said.hint}`
  return { kind: 'notice', notice: { tone: 'error', text: `${said.message}${hint}` } }
}

type With = {
  api: DispatchClient['api']
  signal: AbortSignal
  change: (change: Change) => void
}

/** Carries one out; never throws. */
export const carryOut = async (
  effect: DaemonEffect,
  { api, signal, change }: With,
): Promise<void> => {
  try {
    const run = acts[effect.do] as Act<DaemonEffect['do']>
    change(toNotice(await run(effect, api, { signal })))
  } catch (error) {
    if (signal.aborted) return
    const { message } = error as Error
    change(toNotice(error instanceof DispatchError ? error : { message, hint: null }))
  }
}
