// The room of lanes, put together: how lanes are made, changed and put away, and the ops on them.
// Which of them are loaded, and what they learn at a join, goes by the way of facts and is no part.
import type { FindStarted } from '../codex/find-started.ts'
import type { NewLaneTools } from '../lane-tools/lane-tools.ts'
import { makeThreadBeginning } from './begin-thread.ts'
import { type CreateOptions, makeLaneCreation } from './create-lane.ts'
import { type ActionOptions, makeLaneActions } from './lane-actions.ts'
import { type HistoryOptions, makeLaneHistory } from './lane-history.ts'
import type { LaneLoading } from './lane-loading.ts'
import { type LaneServiceOptions, type LaneServices, makeLaneService } from './lane-service.ts'
import { makeLaneSetting, type SettingOptions } from './lane-setting.ts'
import { makeNewLane, type NewLaneOptions } from './new-lane.ts'
import { makeRegistration } from './registration.ts'
import { makeRunLane, type RunOptions } from './run-lane.ts'
import {
  makeUnfinishedCreations,
  type UnfinishedCreations,
  type UnfinishedOptions,
} from './unfinished-creations.ts'

/** The room. */
export type Lanes = Disposable & {
  services: LaneServices
  unfinished: UnfinishedCreations
}

type Made =
  | 'actions'
  | 'archive'
  | 'beginning'
  | 'creation'
  | 'history'
  | 'newLane'
  | 'register'
  | 'runLane'
  | 'setting'

type LanesOptions = Omit<
  ActionOptions &
    CreateOptions &
    LaneServiceOptions &
    NewLaneOptions &
    RunOptions &
    SettingOptions &
    Omit<UnfinishedOptions, 'link'>,
  Made
> & {
  homeId: string
  loading: LaneLoading
  findStarted: FindStarted
  tools: NewLaneTools
  history: HistoryOptions['history']
}

/** Puts the room together. */
export const makeLanes = (options: LanesOptions): Lanes => {
  const { link, history } = options
  const creation = makeLaneCreation({
    ...options,
    beginning: makeThreadBeginning(options),
    register: makeRegistration(options),
  })
  const unfinished = makeUnfinishedCreations({ ...options, link: () => link, creation })
  const actions = makeLaneActions(options)
  const newLane = makeNewLane({ ...options, creation })
  return {
    unfinished,
    services: makeLaneService({
      ...options,
      actions,
      newLane,
      runLane: makeRunLane({ ...options, newLane, archive: actions.archive }),
      setting: makeLaneSetting(options),
      history: makeLaneHistory({ ...options, history, creation }),
    }),
    [Symbol.dispose]: () => unfinished[Symbol.dispose](),
  }
}
