// set: changes what a lane's turns run under. What goes with a turn holds from the next one on; the
// rest when the lane is loaded anew, which its next message does.
import {
  type Call,
  DispatchError,
  type EffectiveSettings,
  type LaneSettings,
  type SetInput,
  type SetResult,
  settingOfFlag,
  TurnSettings,
} from '@dispatch/contract'
import type { LaneRow, Store } from '@dispatch/store'
import type { Clock } from '../clock/clock.ts'
import { codexFailureToError } from '../codex/codex-failure.ts'
import type { CodexLink } from '../codex/codex-link.ts'
import { startedToEffective } from '../codex/translate-settings.ts'
import type { EventLog } from '../events/event-log.ts'
import type { ModelCatalogue } from '../models/catalogue.ts'
import { checkDirectory } from './directories.ts'
import { fieldsToSettings } from './lane-draft.ts'
import type { LaneLoading } from './lane-loading.ts'
import { rowToIdentity } from './lane-view.ts'
import type { LaneWorkers } from './lane-worker.ts'

/** What it needs. */
export type SettingOptions = {
  store: Store
  clock: Clock
  events: EventLog
  link: CodexLink
  workers: LaneWorkers
  loading: LaneLoading
  catalogue: Pick<ModelCatalogue, 'check'>
}

/** Changes settings of lanes. */
export type LaneSetting = { set(lane: LaneRow, input: SetInput, call: Call): Promise<SetResult> }

type Name = keyof LaneSettings
type Change = { given: LaneSettings; unset: Name[] }

const inputToChange = ({ unset = [], ...input }: SetInput): Change => {
  const given = fieldsToSettings(input)
  const names = unset.flatMap((flag) => settingOfFlag.get(flag) ?? [])
  const both = names.find((name) => given[name] !== undefined)
  if (both !== undefined) {
    throw new DispatchError('validation', `${both} is both set and taken back.`)
  }
  if (Object.keys(given).length + names.length === 0) {
    throw new DispatchError('validation', 'Nothing to set.', { hint: 'dispatch set --help' })
  }
  for (const path of given.addDir ?? []) checkDirectory(path, '--add-dir')
  return { given, unset: [...new Set(names)] }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const changedNames = ({ settings }: LaneRow, { given, unset }: Change): Name[] => [
  ...(Object.keys(given) as Name[]).filter((name) => !isSame(given[name], settings[name])),
  ...unset.filter((name) => settings[name] !== undefined),
]

/** What dispatch itself acts on, whenever it is asked; Codex is told nothing of it. */
const isOurs = (name: Name): boolean => name === 'requests' || name === 'requestTimeoutSeconds'

/** Whether Codex takes it with a turn; the rest it takes when it loads a thread. */
const goesWithTurn = (name: Name, settings: LaneSettings): boolean =>
  isOurs(name) ||
  Object.hasOwn(TurnSettings.shape, name) ||
  ((name === 'addDir' || name === 'network') && settings.sandbox === 'workspace-write')

const refuse = (lane: LaneRow, changed: readonly Name[], atLoad: boolean): void => {
  if (lane.archivedAt !== null) {
    throw new DispatchError('validation', `${lane.handle} is archived.`, {
      hint: `dispatch restore ${lane.ref}`,
    })
  }
  if (changed.includes('developerInstructions') && lane.latestTurnId !== null) {
    throw new DispatchError(
      'validation',
      `Codex keeps the developer instructions that ${lane.handle} had at its first turn.`,
      { hint: `dispatch send ${lane.ref} "...", or a new lane` },
    )
  }
  if (atLoad && lane.ephemeral) {
    throw new DispatchError(
      'validation',
      `${lane.handle} is ephemeral: it cannot be loaded anew, which ${changed.join(', ')} would need.`,
    )
  }
}

/** Makes the op. */
export const makeLaneSetting = (options: SettingOptions): LaneSetting => {
  const { store, clock, events, link, workers, loading, catalogue } = options

  // Nothing but a thread of its own tells what Codex decides for a directory.
  const ownOf = async (lane: LaneRow, signal: AbortSignal): Promise<EffectiveSettings> => {
    const client = await link.client(signal)
    try {
      const started = await client.request('thread/start', { cwd: lane.cwd, ephemeral: true })
      await client.request('thread/unsubscribe', { threadId: started.thread.id })
      return startedToEffective(started)
    } catch (error) {
      throw codexFailureToError(error)
    }
  }

  const inForce = async (lane: LaneRow, { given, unset }: Change, signal: AbortSignal) => {
    if (lane.effective === null) return null
    const own = unset.every(isOurs) ? lane.effective : await ownOf(lane, signal)
    const names = Object.keys(lane.effective) as (keyof EffectiveSettings)[]
    return Object.fromEntries(
      names.map((name) => [
        name,
        given[name] ?? (unset.includes(name) ? own : lane.effective)?.[name] ?? null,
      ]),
    ) as EffectiveSettings
  }

  const change = async (row: LaneRow, change: Change, signal: AbortSignal): Promise<SetResult> => {
    const lane = store.lanes.get(row.threadId) ?? row
    const changed = changedNames(lane, change)
    const { given, unset } = change
    const settings: LaneSettings = { ...lane.settings, ...given }
    for (const name of unset) delete settings[name]
    const atLoad = changed.some((name) => !goesWithTurn(name, settings))
    refuse(lane, changed, atLoad)
    if (changed.length > 0) {
      const effective = await inForce(lane, change, signal)
      const { threadId } = lane
      const taken = changed.filter((name) => unset.includes(name))
      const told = taken.filter((name) => !isOurs(name))
      events.commit((tx) => {
        store.lanes.update(threadId, {
          settings,
          effective,
          unset: [...new Set([...lane.unset, ...told])],
          updatedAt: clock.now(),
        })
        const data = { changed, unset: taken }
        tx.append({ threadId, type: 'lane.settings-changed', data })
      })
      if (atLoad) loading.outdated(threadId)
    }
    const now = store.lanes.get(lane.threadId) ?? lane
    return {
      ...rowToIdentity(now),
      changed,
      settings: now.settings,
      notes: [
        ...(changed.length === 0 ? ['Nothing is different.'] : []),
        ...(changed.length > 0 && now.activeTurnId !== null
          ? ['The turn that runs goes on as it began.']
          : []),
      ],
    }
  }

  return {
    set: async (lane, input, { signal }) => {
      const asked = inputToChange(input)
      const { cwd, effective: inForce } = lane
      const given = await catalogue.check(asked.given, { cwd, inForce, signal })
      return workers.run(lane.threadId, () => change(lane, { ...asked, given }, signal))
    },
  }
}
