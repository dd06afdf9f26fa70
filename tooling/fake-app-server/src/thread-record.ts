/** A thread as the fake keeps it, and as it goes onto the wire. */
export interface Item {
  type: string
  id: string
  [field: string]: unknown
}

export interface TurnRecord {
  id: string
  status: 'inProgress' | 'completed' | 'failed' | 'interrupted'
  error: object | null
  startedAt: number
  completedAt: number | null
  items: Item[]
}

export interface ThreadRecord {
  id: string
  cwd: string
  model: string
  reasoningEffort: string | null
  serviceTier: string | null
  approvalPolicy: string
  sandbox: object
  threadSource: string | null
  originator: string
  path: string
  createdAt: number
  updatedAt: number
  name: string | null
  preview: string
  goal: object | null
  archived: boolean
  /** Has a rollout; survives a restart. */
  materialised: boolean
  turns: TurnRecord[]
}

export type ThreadStatus =
  | { type: 'notLoaded' | 'idle' | 'systemError' }
  | { type: 'active'; activeFlags: string[] }

export const version = '0.169.0'

export function recordToThread(record: ThreadRecord, status: ThreadStatus, turns: object[] = []) {
  const { id, cwd, model, reasoningEffort, threadSource, originator, path, name, preview } = record
  return {
    id,
    environments: [{ environmentId: 'local', cwd, runtimeWorkspaceRoots: [cwd] }],
    extra: null,
    sessionId: id,
    forkedFromId: null,
    attachedToThreadId: null,
    parentThreadId: null,
    preview,
    ephemeral: false,
    section: null,
    sectionEnteredAt: null,
    projectId: null,
    historyMode: 'paginated',
    modelProvider: 'fake',
    model,
    reasoningEffort,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    recencyAt: record.updatedAt,
    status,
    path,
    cwd,
    cliVersion: version,
    originator,
    source: 'vscode',
    canAcceptDirectInput: true,
    threadSource,
    agentNickname: null,
    agentRole: null,
    gitInfo: null,
    name,
    daybreakEnabled: null,
    turns,
  }
}

/** The answer of thread/start and the common part of that of thread/resume. */
export function recordToSettings(record: ThreadRecord) {
  const { cwd, model, serviceTier, approvalPolicy, sandbox, reasoningEffort } = record
  return {
    model,
    modelProvider: 'fake',
    serviceTier,
    disabledPluginIds: [],
    cwd,
    runtimeWorkspaceRoots: [cwd],
    instructionSources: [],
    approvalPolicy,
    approvalsReviewer: 'user',
    sandbox,
    activePermissionProfile: null,
    reasoningEffort,
    multiAgentMode: 'explicitRequestOnly',
  }
}

function itemsForView(items: Item[], view: string): Item[] {
  if (view === 'notLoaded') return []
  if (view === 'full') return items
  const user = items.find(({ type }) => type === 'userMessage')
  const agent = items.findLast(({ type }) => type === 'agentMessage')
  return [user, agent].filter((item) => item !== undefined)
}

export function recordToTurn(record: TurnRecord, itemsView: string) {
  const { id, status, error, startedAt, completedAt } = record
  return {
    id,
    rootTurnId: id,
    items: itemsForView(record.items, itemsView),
    itemsView,
    status,
    error,
    startedAt,
    completedAt,
    durationMs: completedAt === null ? null : (completedAt - startedAt) * 1000,
  }
}
