// The ops that the CLI carries out itself. Each is loaded when it is called.
import type { Call, LocalServices } from '@dispatch/contract'
import type { Setting } from '../execute.ts'

// What needs the store or Codex is done by a short child of dispatchd: neither is loaded here.
const inDaemonProgram =
  (setting: Setting, op: string) =>
  async <Result>(input: unknown, { signal }: Call): Promise<Result> => {
    const { callLocal } = await import('@dispatch/client')
    const { clientOptions } = await import('../connection/client-options.ts')
    return (await callLocal(clientOptions(setting), { op, input, signal })) as Result
  }

/** The local ops of one run. */
export const makeLocalServices = (setting: Setting): LocalServices => {
  const services: LocalServices = {
    up: async (input, call) => (await import('./life.ts')).lifeOf(setting).up(input, call),
    down: async (input, call) => (await import('./life.ts')).lifeOf(setting).down(input, call),
    restart: async (input, call) =>
      (await import('./life.ts')).lifeOf(setting).restart(input, call),
    doctor: inDaemonProgram(setting, 'doctor'),
    schema: async (input) => (await import('./schema.ts')).readSchema(input, setting.tables),
    mcp: async (input, call) =>
      (await import('./mcp.ts')).serveHost(input, { setting, services, call }),
    completion: async ({ shell }) => {
      const { completionScript } = await import('./completion/script.ts')
      return { shell, script: completionScript(shell) }
    },
    demo: async (input, call) => (await import('./demo/demo.ts')).playDemo(setting, input, call),
    scenario: async (input, call) =>
      (await import('./scenario/scenario.ts')).playScenario(setting, input, call),
    top: async (_input, call) => (await import('./top/top.ts')).runTop(setting, call),
    open: async (input, call) => (await import('./open/open.ts')).openLane(setting, input, call),
    daemon: {
      logs: async (input) => (await import('./logs.ts')).readLogs(setting, input),
      async *logsFollow(input, call) {
        const { followLogs } = await import('./logs.ts')
        yield* followLogs(setting, input, call)
      },
    },
    config: { show: inDaemonProgram(setting, 'config.show') },
    service: {
      install: async (input, call) =>
        (await import('./service/service.ts')).installService(setting, input, call),
      uninstall: async () => (await import('./service/service.ts')).uninstallService(setting),
      status: async (_input, call) =>
        (await import('./service/service.ts')).readService(setting, call),
    },
    skills: { path: inDaemonProgram(setting, 'skills.path') },
    registry: {
      migrate: inDaemonProgram(setting, 'registry.migrate'),
      backup: inDaemonProgram(setting, 'registry.backup'),
      restore: inDaemonProgram(setting, 'registry.restore'),
      verify: inDaemonProgram(setting, 'registry.verify'),
      prune: inDaemonProgram(setting, 'registry.prune'),
    },
  }
  return services
}
