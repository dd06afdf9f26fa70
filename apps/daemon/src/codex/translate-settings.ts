// A lane's settings as Codex's parameters, and back: what thread/start and turn/start take.
import type { CodexParams, CodexResult, protocol } from '@dispatch/codex-client'
import type { EffectiveSettings } from '@dispatch/contract'
import type { ToldSettings } from '../lanes/lane-force.ts'

type SandboxPolicy = protocol.SandboxPolicy
type TurnParams = CodexParams<'turn/start'>
type Config = NonNullable<CodexParams<'thread/start'>['config']>

const workspaceWrite = (settings: ToldSettings): SandboxPolicy => ({
  type: 'workspaceWrite',
  writableRoots: settings.addDir ?? [],
  networkAccess: settings.network ?? false,
  excludeTmpdirEnvVar: false,
  excludeSlashTmp: false,
})

const sandboxToPolicy = (settings: ToldSettings): SandboxPolicy | undefined => {
  switch (settings.sandbox) {
    case undefined:
      return undefined
    case 'danger-full-access':
      return { type: 'dangerFullAccess' }
    case 'workspace-write':
      return workspaceWrite(settings)
    case 'read-only':
      return { type: 'readOnly', networkAccess: false }
  }
}

const policyToSandbox = (policy: SandboxPolicy): string =>
  ({
    dangerFullAccess: 'danger-full-access',
    readOnly: 'read-only',
    externalSandbox: 'external',
    workspaceWrite: 'workspace-write',
  })[policy.type]

// The shell of a lane gets the core variables and what was asked for, never the daemon's secrets.
// The marker finds what a killed app-server leaves behind.
const toConfig = (settings: ToldSettings, homeId: string): Config => ({
  // How long Codex keeps a thread, and its writer lock, when nobody is subscribed any more: others can
  // open a lane soon after it was let go, and a daemon that restarts still finds its lanes loaded.
  thread_unload_delay_secs: 2,
  'shell_environment_policy.inherit': 'core',
  'shell_environment_policy.set': { ...settings.env, DISPATCH_HOME_ID: homeId },
  ...(settings.effort == null ? {} : { model_reasoning_effort: settings.effort }),
  ...(settings.summary === undefined ? {} : { model_reasoning_summary: settings.summary }),
  ...(settings.network === undefined
    ? {}
    : { 'sandbox_workspace_write.network_access': settings.network }),
  ...(settings.addDir === undefined
    ? {}
    : { 'sandbox_workspace_write.writable_roots': settings.addDir }),
})

const present = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

/** What a thread is started or loaded with. */
export const settingsToThread = (
  settings: ToldSettings,
  lane: { cwd: string; homeId: string },
): Partial<CodexParams<'thread/start'>> & Pick<CodexParams<'thread/resume'>, 'cwd'> =>
  present({
    cwd: lane.cwd,
    sandbox: settings.sandbox,
    approvalPolicy: settings.approvalPolicy,
    approvalsReviewer: settings.approvalsReviewer,
    model: settings.model,
    modelProvider: settings.modelProvider,
    serviceTier: settings.serviceTier,
    personality: settings.personality,
    baseInstructions: settings.baseInstructions,
    developerInstructions: settings.developerInstructions,
    config: toConfig(settings, lane.homeId),
  })

// An effort that is left out stays what it was; only as part of a mode can it be given back.
const effortOf = ({ effort, model }: ToldSettings): Partial<TurnParams> =>
  effort === null && model !== undefined
    ? {
        collaborationMode: {
          mode: 'default',
          settings: { model, reasoning_effort: null, developer_instructions: null },
        },
      }
    : effort == null
      ? {}
      : { effort }

/** What every turn is sent with: Codex keeps a turn's settings for all later ones. */
export const settingsToTurn = (settings: ToldSettings): Partial<TurnParams> =>
  present({
    sandboxPolicy: sandboxToPolicy(settings),
    approvalPolicy: settings.approvalPolicy,
    approvalsReviewer: settings.approvalsReviewer,
    model: settings.model,
    ...effortOf(settings),
    summary: settings.summary,
    personality: settings.personality,
    serviceTier: settings.serviceTier,
    // It came in as JSON and was kept as such.
    outputSchema: settings.outputSchema as TurnParams['outputSchema'],
  })

type Started = CodexResult<'thread/start'> | CodexResult<'thread/resume'>

/** What Codex reported as in force. */
export const startedToEffective = (started: Started): EffectiveSettings => ({
  model: started.model,
  modelProvider: started.modelProvider,
  effort: started.reasoningEffort,
  sandbox: policyToSandbox(started.sandbox),
  approvalPolicy: typeof started.approvalPolicy === 'string' ? started.approvalPolicy : 'granular',
  serviceTier: started.serviceTier,
  approvalsReviewer: started.approvalsReviewer,
})
