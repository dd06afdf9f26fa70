/**
 * Plays a plan on a response: directive by directive, until it completes, fails, is cut or hangs.
 * An aborted signal (Codex went away, the simulator closes) ends it wherever it stands.
 */
import type { ServerResponse } from 'node:http'
import type { AnswerPlan } from './answer-plan.ts'
import type { Clock } from './clock.ts'
import type { Directive } from './directive.ts'
import type { Gates } from './gates.ts'
import type { ModelRequest, Outcome } from './model-request.ts'
import { ownWords } from './own-words.ts'
import { makeResponseStream } from './response-stream.ts'
import type { ResponseStream } from './response-stream.ts'
import { directiveToCall } from './tool-call.ts'

export interface Stage {
  response: ServerResponse
  signal: AbortSignal
  clock: Clock
  gates: Gates
  request: ModelRequest
  /** Names this request and attempt; ids are made from it. */
  key: string
}

const silence = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

async function sayInPieces(
  { clock, signal }: Stage,
  stream: ResponseStream,
  { pieces, everyMs }: { pieces: string[]; everyMs: number },
) {
  const message = stream.message()
  for (const [at, piece] of pieces.entries()) {
    if (at > 0 && everyMs > 0) await clock.pause(everyMs, signal)
    message.delta(piece)
  }
  message.done()
}

async function waitAtGate({ gates, signal }: Stage, stream: ResponseStream, name: string) {
  const message = stream.message()
  message.delta(`gate ${name}: waiting`)
  await gates.pass(name, signal)
  message.delta(', opened')
  message.done()
}

function cut({ response }: Stage, stream: ResponseStream, after: number): Outcome {
  const message = stream.message()
  for (let at = 1; at <= after; at += 1) message.delta(`piece ${at} `)
  response.socket?.destroySoon()
  return 'cut'
}

/** An outcome ends the answer; undefined goes on. */
async function playStep(
  stage: Stage,
  stream: ResponseStream,
  step: Directive,
): Promise<Outcome | undefined> {
  switch (step.kind) {
    case 'reply':
      await sayInPieces(stage, stream, { pieces: [step.text], everyMs: 0 })
      return undefined
    case 'type':
      await sayInPieces(stage, stream, { pieces: step.text.split(/(?<=\s)(?=\S)/), ...step })
      return undefined
    case 'stream': {
      const pieces = Array.from({ length: step.count }, () => `${step.word} `)
      await sayInPieces(stage, stream, { pieces, ...step })
      return undefined
    }
    case 'reason':
      stream.reasoning(step.text)
      return undefined
    case 'wait':
      await stage.clock.pause(step.ms, stage.signal)
      return undefined
    case 'gate':
      await waitAtGate(stage, stream, step.name)
      return undefined
    case 'quiet':
      await stage.gates.pass(step.name, stage.signal)
      return undefined
    case 'shell':
    case 'patch':
    case 'tool': {
      const call = directiveToCall(step, stage.request.tools)
      if (call) stream.call(call)
      else await sayInPieces(stage, stream, { pieces: [`No tool for ${step.kind}.`], everyMs: 0 })
      return undefined
    }
    case 'fail-event':
      stream.failed(step.code)
      return 'failed'
    case 'cut':
      return cut(stage, stream, step.after)
    case 'hang':
      return silence(stage.signal)
    case 'fail-http':
      return undefined
  }
}

function failHttp({ response }: Stage, status: number): Outcome {
  const error = { message: `simulated failure: http ${status}`, type: 'simulated', code: null }
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error }))
  return 'failed'
}

export async function play(plan: AnswerPlan, stage: Stage): Promise<Outcome> {
  if (plan.instead?.kind === 'fail-http') return failHttp(stage, plan.instead.status)
  if (plan.instead) return silence(stage.signal)
  const { response, key, request } = stage
  const stream = makeResponseStream({ response, key, inputLength: request.rawBody.length })
  for (const step of plan.steps) {
    const outcome = await playStep(stage, stream, step)
    if (outcome) return outcome
  }
  if (plan.closesWithReply) {
    await sayInPieces(stage, stream, { pieces: [ownWords(request)], everyMs: 0 })
  }
  stream.completed()
  return 'completed'
}
