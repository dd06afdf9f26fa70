// Whether a running turn has been silent for too long: pure. Not judged is a lane that waits for a
// person, one of which nobody knows how it stands, and one that runs a shell command: such silence
// is as it should be.
import type { LaneRow } from '@dispatch/store'

/** What is known of a lane with a running turn; times in steady ms. */
export type Vigil = {
  /** When it last gave a sign of life; null where only the registry tells. */
  heardAt: number | null
  /** Not judged before: a turn that was joined gets time to show itself. */
  notBefore: number
  /** What Codex says while it tries to reach its model; null after a sign of life. */
  retrying: string | null
}

/** What judging looks at. */
export type Situation = {
  /** The lane as it is now; null where it is gone. */
  lane: LaneRow | null
  vigil: Vigil
  commandRuns: boolean
  silenceMs: number
  /** Wall time, and steady time. */
  now: number
  monotonic: number
}

/** What a look comes to. */
export type Verdict =
  /** There is no turn to watch. */
  | { kind: 'over' }
  /** Nothing is wrong; look again after that long. */
  | { kind: 'alive'; againMs: number }
  | { kind: 'silent'; silentMs: number; reason: string }

// Wall time may have jumped, so what the registry tells is never taken for less than nothing.
const silentFor = ({ lane, vigil, now, monotonic }: Situation): number =>
  vigil.heardAt === null ? Math.max(0, now - (lane?.updatedAt ?? now)) : monotonic - vigil.heardAt

const secondsOf = (ms: number): string => `${Math.round(ms / 100) / 10} s`

/** Judges a lane. */
export const judge = (situation: Situation): Verdict => {
  const { lane, vigil, commandRuns, silenceMs, monotonic } = situation
  if (!lane || lane.activeTurnId === null || lane.source !== 'own') return { kind: 'over' }
  if (lane.status !== 'busy' || commandRuns) return { kind: 'alive', againMs: silenceMs }
  const silentMs = silentFor(situation)
  const againMs = Math.max(silenceMs - silentMs, vigil.notBefore - monotonic)
  if (againMs > 0) return { kind: 'alive', againMs }
  const reason =
    vigil.retrying === null
      ? `no sign of life for ${secondsOf(silentMs)}`
      : `Codex says: ${vigil.retrying}`
  return { kind: 'silent', silentMs, reason }
}
