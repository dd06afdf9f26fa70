import { describe, expect, it } from 'vitest'
import { settingsToThread, settingsToTurn, startedToEffective } from './translate-settings.ts'

const lane = { cwd: '/w', homeId: 'h' }

describe('settings of a thread', () => {
  it('leave to Codex what nobody set, but for the environment of its shell', () => {
    expect(settingsToThread({}, lane)).toEqual({
      cwd: '/w',
      config: {
        'shell_environment_policy.inherit': 'core',
        'shell_environment_policy.set': { DISPATCH_HOME_ID: 'h' },
        thread_unload_delay_secs: 2,
      },
    })
  })

  it('carry what was set; the mark of the home cannot be replaced', () => {
    const settings = {
      sandbox: 'workspace-write',
      approvalPolicy: 'never',
      model: 'm',
      effort: 'high',
      baseInstructions: 'b',
      developerInstructions: 'd',
      env: { A: '1', DISPATCH_HOME_ID: 'mine' },
      addDir: ['/x'],
      network: true,
    } as const
    expect(settingsToThread({ ...settings, addDir: ['/x'] }, lane)).toEqual({
      cwd: '/w',
      sandbox: 'workspace-write',
      approvalPolicy: 'never',
      model: 'm',
      baseInstructions: 'b',
      developerInstructions: 'd',
      config: {
        'shell_environment_policy.inherit': 'core',
        'shell_environment_policy.set': { A: '1', DISPATCH_HOME_ID: 'h' },
        thread_unload_delay_secs: 2,
        model_reasoning_effort: 'high',
        'sandbox_workspace_write.network_access': true,
        'sandbox_workspace_write.writable_roots': ['/x'],
      },
    })
  })
})

describe('settings of a turn', () => {
  it.each([
    [{}, {}],
    [{ sandbox: 'danger-full-access' }, { sandboxPolicy: { type: 'dangerFullAccess' } }],
    [{ sandbox: 'read-only' }, { sandboxPolicy: { type: 'readOnly', networkAccess: false } }],
    [
      { sandbox: 'workspace-write', addDir: ['/x'], network: true },
      { sandboxPolicy: { type: 'workspaceWrite', writableRoots: ['/x'], networkAccess: true } },
    ],
    [
      { model: 'm', effort: 'low', approvalPolicy: 'untrusted', env: { A: '1' } },
      { model: 'm', effort: 'low', approvalPolicy: 'untrusted' },
    ],
  ] as const)('%j', (settings, turn) => {
    const sent = settingsToTurn(settings as Parameters<typeof settingsToTurn>[0])
    expect(sent).toMatchObject(turn)
    expect(Object.keys(sent).toSorted()).toEqual(Object.keys(turn).toSorted())
  })
})

it('says what Codex reported as in force', () => {
  const started = {
    model: 'm',
    modelProvider: 'p',
    reasoningEffort: null,
    serviceTier: 'flex',
    approvalPolicy: { granular: {} },
    sandbox: { type: 'externalSandbox', networkAccess: 'restricted' },
  } as unknown as Parameters<typeof startedToEffective>[0]
  expect(startedToEffective(started)).toEqual({
    model: 'm',
    modelProvider: 'p',
    effort: null,
    serviceTier: 'flex',
    approvalPolicy: 'granular',
    sandbox: 'external',
  })
})
