// The published package as a user gets it: installed into an empty folder, or globally below it, with its
// dependencies from the registry, with a home, a Codex home and a simulated model of its own.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { openScreen, type Screen } from '@dispatch/e2e'
import { makeModelSimulator, prepareCodexHome } from '@dispatch/model-simulator'
import { packageFolder } from '../src/layout.ts'

export type Ran = { status: number; stdout: string; stderr: string }

export type Installation = AsyncDisposable & {
  /** The empty folder. */
  folder: string
  /** Where the package stands in it. */
  root: string
  /** Runs a program of the folder or of the machine there. */
  run(program: string, ...args: string[]): Promise<Ran>
  /** Runs the installed `dispatch`; throws unless it ends well. Gives what it printed, as JSON. */
  dispatch(...args: string[]): Promise<unknown>
  /** The same on the screen of a terminal. */
  screen(...args: string[]): Screen
}

type Run = (program: string, ...args: string[]) => Promise<Ran>

const runIn =
  (cwd: string, env: NodeJS.ProcessEnv): Run =>
  (program, ...args) =>
    new Promise((done) => {
      const limits = { timeout: 120_000, killSignal: 'SIGKILL', maxBuffer: 64 << 20 } as const
      execFile(program, args, { cwd, env, ...limits }, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        done({ status, stdout, stderr })
      })
    })

const defined = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]))

const wellEnded = ({ status, stdout, stderr }: Ran, what: string): string => {
  if (status !== 0) throw new Error(`${what} ended with ${status}\n${stdout}${stderr}`)
  return stdout
}

export type InstallationOptions = {
  /** What npm installs, such as `outfitter-dispatch@0.1.0`; without it the built package, packed. */
  spec?: string
  /** As `npm install --global` does it; without it, as a dependency of the empty folder. */
  globally?: boolean
  /** Installed beside it, by name. */
  others?: readonly string[]
}

const packBuilt = async (npm: Run, base: string): Promise<string> => {
  if (!existsSync(join(packageFolder, 'package.json'))) {
    throw new Error('There is no built package. Run pnpm build first.')
  }
  const packed = await npm('npm', 'pack', packageFolder, '--json', '--pack-destination', base)
  const [{ filename }] = JSON.parse(wellEnded(packed, 'npm pack')) as [{ filename: string }]
  return join(base, filename)
}

/** Installs the package. */
export const makeInstallation = async (
  options: InstallationOptions = {},
): Promise<Installation> => {
  await using stack = new AsyncDisposableStack()
  const base = await mkdtemp(join(tmpdir(), 'r-'))
  stack.defer(() => rm(base, { recursive: true, force: true }))
  const simulator = stack.use(await makeModelSimulator({}))
  const folder = join(base, 'empty')
  await mkdir(folder)
  await mkdir(join(base, 'home'))
  const env = {
    PATH: [
      join(folder, options.globally ? 'bin' : 'node_modules/.bin'),
      dirname(process.execPath),
      process.env['PATH'],
    ].join(delimiter),
    HOME: join(base, 'home'),
    TMPDIR: base,
    DISPATCH_HOME: join(base, 'd'),
    DISPATCH_CODEX: process.env['DISPATCH_CODEX'],
    CODEX_HOME: await prepareCodexHome(join(base, 'c'), { url: simulator.url }),
  }
  // npm is the user's own: registry, proxy and cache, as far as there are any.
  const npm = runIn(folder, {
    ...process.env,
    ...env,
    npm_config_userconfig: join(userInfo().homedir, '.npmrc'),
    npm_config_cache: join(userInfo().homedir, '.npm'),
  })
  const spec = options.spec ?? (await packBuilt(npm, base))
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const where = options.globally ? ['--global', '--prefix', folder] : []
  const wanted = [spec, ...(options.others ?? [])]
  wellEnded(
    await npm('npm', 'install', '--no-audit', '--no-fund', ...where, ...wanted),
    'npm install',
  )
  const run = runIn(folder, env)
  const dispatch = async (...args: string[]) =>
    JSON.parse(wellEnded(await run('dispatch', ...args), `dispatch ${args.join(' ')}`)) as unknown
  // Whatever a test left running ends with the installation.
  stack.defer(() => run('dispatch', 'down', '--force', '--yes').then(() => {}))
  const resources = stack.move()
  return {
    folder,
    root: join(folder, options.globally ? 'lib' : '', 'node_modules/outfitter-dispatch'),
    run,
    dispatch,
    screen: (...args) =>
      openScreen(
        { command: 'dispatch', args, env: defined(env), cwd: folder },
        { columns: 100, rows: 24 },
      ),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
