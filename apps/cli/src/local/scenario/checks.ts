// What is checked of a lane that was played: its turn and answer against the file, and what list, get
// and tail say against each other. Pure. A check that fails has the code that the scenario ends with:
// an unexpected answer is Codex's, a contradiction ours.
import type { Check, WaitResult } from '@dispatch/contract'
import { DispatchError, type ErrorCode } from '@dispatch/contract/errors'
import type { Played } from './lane.ts'

/** A check, and what a failed one makes of the scenario. */
export type Judged = Check & { code: ErrorCode | null }

type Verdict =
  | { ok: string }
  | { fail: string; code: ErrorCode; detail?: string }
  | { skipped: string }

type Waited = WaitResult['lanes'][number]

const judge = (name: string, verdict: Verdict, recovery: string | null): Judged => {
  const rest = { detail: null, recovery: null, data: {}, code: null }
  if ('ok' in verdict) return { name, status: 'ok', summary: verdict.ok, ...rest }
  if ('skipped' in verdict) return { name, status: 'skipped', summary: verdict.skipped, ...rest }
  const { fail, code, detail = null } = verdict
  return { name, status: 'fail', summary: fail, ...rest, detail, recovery, code }
}

const turnOf = ({ lane, made, waited, error }: Played): Verdict => {
  if (error !== null) {
    const { message, hint, code } = error
    return { fail: message.replace(/\.$/, ''), code, ...(hint === null ? {} : { detail: hint }) }
  }
  const one = waited?.lanes[0]
  if (!made || !waited || !one) return { skipped: 'the lane was not made' }
  const expected = lane.expect_outcome ?? 'completed'
  if (one.outcome === expected) return { ok: expected }
  const why = one.turn?.error?.message ?? waited.error?.message
  return {
    fail: `${one.outcome}, where ${expected} was expected`,
    code: waited.error?.code ?? 'turn_failed',
    ...(why === undefined ? {} : { detail: why }),
  }
}

const answerOf = ({ lane, waited }: Played): Verdict => {
  const one = waited?.lanes[0]
  const texts = [lane.expect_contains ?? []].flat()
  if (texts.length === 0) return { skipped: 'no answer is expected' }
  if (one?.outcome !== (lane.expect_outcome ?? 'completed')) {
    return { skipped: 'the turn did not end as expected' }
  }
  const answer = one.lastMessage ?? one.turn?.error?.message
  if (answer === undefined) return { fail: 'there is no answer', code: 'turn_failed' }
  const missing = texts.filter((text) => !answer.includes(text))
  if (missing.length === 0) return { ok: 'has what is expected' }
  const told = missing.map((text) => JSON.stringify(text)).join(', ')
  return { fail: `lacks ${told}`, code: 'turn_failed', detail: answer }
}

const contradiction = (fail: string): Verdict => ({ fail, code: 'internal' })

type Seen = { said: NonNullable<Played['said']>; one: Waited; prompt: string }

const listOf = ({ said, one }: Seen): Verdict => {
  const rows = said.list.lanes.filter(({ id }) => id === one.id)
  const [row] = rows
  if (!row || rows.length > 1) return contradiction(`names the lane ${rows.length} times`)
  if (row.handle !== one.handle || row.ref !== one.ref) return contradiction('names it otherwise')
  if (row.activeTurn !== null) return contradiction('says that a turn runs')
  return { ok: `${row.handle} ${row.status}` }
}

const getOf = ({ said: { get }, one }: Seen): Verdict => {
  const { latestTurn, lastMessage } = get
  if (latestTurn?.id !== one.turn?.id) return contradiction('names another turn')
  if (latestTurn?.status !== one.outcome) return contradiction(`says ${latestTurn?.status}`)
  if (lastMessage !== one.lastMessage) return contradiction('has another answer')
  return { ok: `turn ${latestTurn.status}` }
}

const tailOf = ({ said: { tail }, one, prompt }: Seen): Verdict => {
  const at = (type: string, text: string) =>
    tail.items.findIndex((item) => item.type === type && item.text.trim() === text.trim())
  const asked = at('userMessage', prompt)
  if (asked < 0) return contradiction('lacks the prompt')
  if (one.lastMessage === null) return { ok: `${tail.items.length} items` }
  if (at('agentMessage', one.lastMessage) < asked) return contradiction('lacks the answer')
  return { ok: `${tail.items.length} items, prompt and answer among them` }
}

/** The checks of a lane, in order; `within` goes before a command that looks into the homes. */
export const playedToChecks = (played: Played, within: string): Judged[] => {
  const { lane, made, waited, said } = played
  const one = waited?.lanes[0]
  const recovery = made ? `${within} dispatch tail ${made.ref}` : null
  const agrees = (check: (seen: Seen) => Verdict): Verdict =>
    said && one ? check({ said, one, prompt: lane.prompt }) : { skipped: 'the turn has not ended' }
  const verdicts = {
    turn: turnOf(played),
    answer: answerOf(played),
    list: agrees(listOf),
    get: agrees(getOf),
    tail: agrees(tailOf),
  }
  return Object.entries(verdicts).map(([name, verdict]) =>
    judge(`${lane.alias} ${name}`, verdict, recovery),
  )
}

/** The error of a scenario with failed checks; null where all hold. */
export const checksToError = (checks: readonly Judged[], hint: string): DispatchError | null => {
  const failed = checks.filter(({ status }) => status === 'fail')
  // Ours is the graver fault.
  const first = failed.find(({ code }) => code === 'internal') ?? failed[0]
  if (!first?.code) return null
  const told = failed.map(({ name, summary }) => `${name}: ${summary}`).join('; ')
  return new DispatchError(
    first.code,
    `${failed.length} of ${checks.length} checks failed: ${told}.`,
    {
      hint,
      details: { failed: failed.map(({ name }) => name) },
    },
  )
}
