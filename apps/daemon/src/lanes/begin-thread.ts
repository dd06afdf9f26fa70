// Gives a lane its thread: a new one, a fork, or one that Codex made for an earlier try of the same
// call. Knows nothing of the registry's creations.
import type { CodexClient, CodexParams } from '@dispatch/codex-client'
import type { CreationDraft, Store, TurnRow } from '@dispatch/store'
import type { HistoryReader } from '../codex/history-reader.ts'
import type { NewLaneTools } from '../lane-tools/lane-tools.ts'
import { settingsToThread, type startedToEffective } from '../codex/translate-settings.ts'

/** A thread of Codex, and what the lane has from another. */
export type Begun = {
  started: Parameters<typeof startedToEffective>[0]
  /** Its thread and its newest turn, where the lane goes on from the history of another. */
  from: { threadId: string; latestTurn: TurnRow | null; lastMessage: string | null } | null
}

type StartParams = CodexParams<'thread/start'>

type ToAdopt = Pick<CreationDraft, 'title' | 'settings' | 'cwd'>

/** Gives lanes their threads. */
export type ThreadBeginning = {
  /** Starts or forks one under that name of ours, which comes back from Codex. */
  begin(client: CodexClient, draft: CreationDraft, source: string): Promise<Begun['started']>
  /**
   * Takes over one that was begun before: named, so that Codex keeps it, and subscribed to. Of a thread
   * whose rollout was never written Codex may take a name all the same; joining it tells.
   */
  adopt(client: CodexClient, of: ToAdopt, threadId: string): Promise<Begun['started']>
  /** What a fork has from the thread that it goes on from. */
  inherited(client: CodexClient, draft: CreationDraft, threadId: string): Promise<Begun['from']>
}

/** Makes the beginning of threads. */
export const makeThreadBeginning = (options: {
  store: Store
  homeId: string
  history: HistoryReader
  tools: Pick<NewLaneTools, 'specsOf'>
}): ThreadBeginning => {
  const { store, homeId, history, tools } = options

  const paramsOf = ({ settings, cwd }: ToAdopt) => settingsToThread(settings, { cwd, homeId })

  // Their schemas are JSON of the contract.
  const toolsOf = ({ laneTools }: CreationDraft): Pick<StartParams, 'dynamicTools'> =>
    laneTools === undefined
      ? {}
      : { dynamicTools: tools.specsOf(laneTools) as NonNullable<StartParams['dynamicTools']> }

  return {
    begin: async (client, draft, source) => {
      const { ephemeral, fork } = draft
      const params = { ...paramsOf(draft), ephemeral, threadSource: source }
      if (fork === null) {
        const started = { ...params, ...toolsOf(draft), serviceName: 'dispatch' }
        return await client.request('thread/start', started)
      }
      const { threadId, lastTurnId } = fork
      const until = lastTurnId === null ? {} : { lastTurnId }
      return await client.request('thread/fork', {
        ...params,
        threadId,
        excludeTurns: true,
        ...until,
      })
    },

    adopt: async (client, of, threadId) => {
      // Before its first turn a thread can be joined only once it has a name.
      await client.request('thread/name/set', { threadId, name: of.title })
      const params = { ...paramsOf(of), threadId, excludeTurns: true }
      return await client.request('thread/resume', params)
    },

    inherited: async (client, { fork }, threadId) => {
      if (fork === null) return null
      const { data } = await history.turns(client, threadId, null)
      const [newest] = data
      const latestTurn = newest
        ? { ...newest, threadId, errorAt: null, reason: null, deliveryId: null }
        : null
      const said = newest && store.items.lastOfTurn(fork.threadId, newest.id, 'agentMessage')
      return { threadId: fork.threadId, latestTurn, lastMessage: said?.text ?? null }
    },
  }
}
