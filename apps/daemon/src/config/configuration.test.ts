import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DispatchError } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { makeConfiguration } from './configuration.ts'
import { hostToConfigured } from './configured-host.ts'

const makeTree = () => {
  const root = mkdtempSync(join(tmpdir(), 'dspc-'))
  const repo = join(root, 'shop')
  const home = join(root, 'home')
  const write = (path: string, text: string): string => {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  write('shop/.git/HEAD', 'ref: refs/heads/main\n')
  mkdirSync(join(repo, 'src', 'deep'), { recursive: true })
  mkdirSync(home)
  const open = (over: { home?: string; uid?: number } = {}) =>
    makeConfiguration({ home, homedir: root, uid: process.getuid?.() ?? 0, ...over })
  return {
    root,
    repo,
    home,
    write,
    open,
    global: (text: string) => write('home/config.toml', text),
    local: (text: string) => write('shop/.dispatch/config.toml', text),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

const refusal = (act: () => unknown): DispatchError => {
  try {
    act()
  } catch (error) {
    if (error instanceof DispatchError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('the plan of a lane', () => {
  it('has the built-in values where nobody says anything', () => {
    using tree = makeTree()
    const { values, rows } = tree.open().plan({}, join(tree.repo, 'src'))
    expect(values).toEqual({ cwd: join(tree.repo, 'src'), prefix: '[shop]', ephemeral: false })
    expect(rows.map(({ key, origin }) => [key, origin])).toEqual([
      ['cwd', 'caller'],
      ['prefix', 'built-in'],
      ['ephemeral', 'built-in'],
    ])
  })

  it('goes from built-in over global, repository and presets to flags', () => {
    using tree = makeTree()
    tree.global(`
      [defaults]
      model = "global"
      effort = "global"
      summary = "none"
      [presets.fast]
      effort = "fast-global"
      service_tier = "slow"
    `)
    tree.local(`
      [defaults]
      effort = "repo"
      sandbox = "read-only"
      [presets.fast]
      service_tier = "fast"
      [presets.careful]
      effort = "high"
    `)
    const plan = (presets: string[], flags = {}) =>
      tree.open().plan({ presets, ...flags }, join(tree.repo, 'src', 'deep'))
    expect(plan([]).values).toMatchObject({ model: 'global', effort: 'repo', summary: 'none' })
    expect(plan(['fast']).values).toMatchObject({ effort: 'fast-global', serviceTier: 'fast' })
    expect(plan(['fast', 'careful']).values).toMatchObject({ effort: 'high', serviceTier: 'fast' })
    const flagged = plan(['careful', 'fast'], { effort: 'max' })
    expect(flagged.values).toMatchObject({ effort: 'max', sandbox: 'read-only' })
    const origins = Object.fromEntries(flagged.rows.map(({ key, ...row }) => [key, row]))
    expect(origins).toMatchObject({
      model: { origin: 'global', section: 'defaults', file: join(tree.home, 'config.toml') },
      service_tier: { origin: 'repo', section: 'presets.fast' },
      effort: { origin: 'flag', section: null, file: null },
    })
  })

  it('reads texts and schemas from files of the project', () => {
    using tree = makeTree()
    tree.local(`
      [defaults.instructions]
      developer_file = ".dispatch/instructions/default.md"
      [presets.reviewer]
      developer_file = ".dispatch/instructions/reviewer.md"
      output_schema_file = "schema.json"
      [presets.inline.output_schema]
      type = "object"
    `)
    tree.write('shop/.dispatch/instructions/default.md', 'default')
    tree.write('shop/.dispatch/instructions/reviewer.md', 'reviewer')
    tree.write('shop/schema.json', '{"type":"array"}')
    const { values } = tree.open().plan({}, tree.repo)
    expect(values.developerInstructions).toBe('default')
    const reviewer = tree.open().plan({ presets: ['reviewer'] }, tree.repo)
    expect(reviewer.values).toMatchObject({
      developerInstructions: 'reviewer',
      outputSchema: { type: 'array' },
    })
    expect(reviewer.rows.find(({ key }) => key === 'output_schema')?.readFrom).toBe(
      join(tree.repo, 'schema.json'),
    )
    const inline = tree.open().plan({ presets: ['inline'] }, tree.repo)
    expect(inline.values.outputSchema).toEqual({ type: 'object' })
  })

  it('names the prefix after the directory of the lane', () => {
    using tree = makeTree()
    tree.local('[presets.p]\nprefix = "${DISPATCH.PRESET}@${DISPATCH.CWD.BASENAME}"\ncwd = "src"\n')
    const configuration = tree.open()
    expect(configuration.plan({ presets: ['p'] }, tree.repo).values).toMatchObject({
      prefix: 'p@src',
      cwd: join(tree.repo, 'src'),
    })
    expect(configuration.plan({ presets: ['p'], prefix: '' }, tree.repo).values.prefix).toBe('')
  })

  it('refuses what cannot be read, and says which', () => {
    using tree = makeTree()
    tree.local('[defaults]\ndeveloper_file = "none.md"\n')
    const missing = refusal(() => tree.open().plan({}, tree.repo))
    expect(missing).toMatchObject({
      code: 'validation',
      details: { key: 'developer_instructions' },
    })
    expect(missing.message).toContain(join(tree.repo, 'none.md'))
    expect(tree.open().plan({ developerInstructions: 'x' }, tree.repo).values).toMatchObject({
      developerInstructions: 'x',
    })
  })
})

describe('configuration files', () => {
  it('are the nearest one upward; the home has none for a repository', () => {
    using tree = makeTree()
    tree.write('.dispatch/config.toml', '[policy]\nrequests = "deny"\n[defaults]\neffort = "x"\n')
    expect(tree.open().plan({}, tree.repo).values.effort).toBeUndefined()
    const usual = tree.open({ home: join(tree.root, '.dispatch') })
    expect(usual.plan({}, tree.repo).values.effort).toBe('x')
    expect(usual.daemon().policy.requests).toBe('deny')
    tree.local('[defaults]\neffort = "outer"\n')
    tree.write('shop/src/.dispatch/config.toml', '[defaults]\nmodel = "inner"\n')
    const { values } = tree.open().plan({}, join(tree.repo, 'src', 'deep'))
    expect(values).toMatchObject({ model: 'inner' })
    expect(values.effort).toBeUndefined()
  })

  it.each([
    ['[defaults]\nefort = "low"', 'defaults.efort', 'defaults.effort'],
    ['[default]\neffort = "low"', 'default', 'defaults'],
    [
      '[presets.fast]\nservice-tier = "x"',
      'presets.fast.service-tier',
      'presets.fast.service_tier',
    ],
    [
      '[defaults.instructions]\ndeveloper_fil = "x"',
      'defaults.instructions.developer_fil',
      'defaults.instructions.developer_file',
    ],
    ['[watchdog]\nsilence = 3', 'watchdog.silence', 'watchdog.silence_seconds'],
    ['[defaults]\nsandbox = "none"', 'defaults.sandbox', null],
    ['[presets."a b"]\nmodel = "x"', 'presets.a b', null],
  ])('with %j are refused by file, key and nearest key', (text, key, nearest) => {
    using tree = makeTree()
    const file = tree.global(text)
    const error = refusal(() => tree.open().plan({}, tree.repo))
    expect(error).toMatchObject({ code: 'validation', details: { file, key, nearest } })
    expect(error.message).toContain(`${file}: ${key}`)
  })

  it('that are no TOML are refused with line and column', () => {
    using tree = makeTree()
    const file = tree.local('[defaults]\neffort = \n')
    expect(refusal(() => tree.open().plan({}, tree.repo))).toMatchObject({
      message: expect.stringContaining(`${file}:2:`),
      details: { file, line: 2 },
    })
  })

  it('that cannot be read are refused', () => {
    using tree = makeTree()
    mkdirSync(join(tree.repo, '.dispatch', 'config.toml'), { recursive: true })
    expect(refusal(() => tree.open().plan({}, tree.repo)).code).toBe('validation')
  })

  it('without that preset say which there are', () => {
    using tree = makeTree()
    tree.global('[presets.builder]\n')
    tree.local('[presets.reviewer]\n')
    const error = refusal(() => tree.open().plan({ presets: ['reviewr'] }, tree.repo))
    expect(error).toMatchObject({
      code: 'validation',
      hint: 'Did you mean reviewer?',
      details: { presets: ['builder', 'reviewer'] },
    })
  })

  it('of a repository have no table of the daemon', () => {
    using tree = makeTree()
    const file = tree.local('[policy]\nrequests = "permissive"\n')
    expect(refusal(() => tree.open().plan({}, tree.repo)).message).toBe(
      `${file}: policy: only the global configuration may have it`,
    )
  })
})

describe('trust', () => {
  const dangers = [
    ['sandbox = "danger-full-access"', {}],
    ['network = true', {}],
    ['add_dir = ["out"]', {}],
    ['env = { TOKEN = "x" }', {}],
    ['cwd = ".."', {}],
    ['developer_file = "../secret.md"', {}],
    ['developer_file = "link.md"', {}],
  ] as const

  it.each(dangers)('is needed for %s, and given once for that content', (line) => {
    using tree = makeTree()
    tree.write('secret.md', 'secret')
    symlinkSync(join(tree.root, 'secret.md'), join(tree.repo, 'link.md'))
    const file = tree.local(`[presets.p]\n${line}\n[presets.calm]\neffort = "low"\n`)
    const configuration = tree.open()
    const use = () => configuration.plan({ presets: ['p'] }, tree.repo)
    const error = refusal(use)
    expect(error).toMatchObject({ code: 'validation', details: { file } })
    expect(error.hint).toContain('dispatch config trust')
    // Not in use, nothing is asked.
    expect(configuration.plan({ presets: ['calm'] }, tree.repo).values.effort).toBe('low')
    const shown = configuration.show({ presets: ['p'] }, tree.repo)
    expect(shown.files.at(-1)).toMatchObject({ path: file, trusted: false })
    expect(shown.files.at(-1)?.needsTrust).toHaveLength(1)
    expect(shown.notes.join()).toContain('dispatch config trust')
    expect(JSON.stringify(shown)).not.toContain('"secret"')
    const trust = configuration.trust({}, join(tree.repo, 'src'))
    expect(trust).toMatchObject({ file, trusted: true })
    expect(trust.grants).toHaveLength(1)
    expect(use().values).toBeDefined()
    // Another content, another trust.
    tree.local(`# changed\n[presets.p]\n${line}\n`)
    expect(refusal(use).code).toBe('validation')
    configuration.trust({}, tree.repo)
    configuration.trust({ revoke: true }, tree.repo)
    expect(refusal(use).code).toBe('validation')
  })

  it('is not needed for what narrows, stays inside, or what a flag sets', () => {
    using tree = makeTree()
    tree.write('shop/inside.md', 'inside')
    tree.local(`
      [defaults]
      sandbox = "danger-full-access"
      network = false
      cwd = "src"
      base_file = "inside.md"
    `)
    const { values } = tree.open().plan({ sandbox: 'workspace-write' }, tree.repo)
    expect(values).toMatchObject({ sandbox: 'workspace-write', baseInstructions: 'inside' })
  })

  it('is not needed by the global file', () => {
    using tree = makeTree()
    tree.global('[defaults]\nsandbox = "danger-full-access"\nenv = { A = "1" }\n')
    expect(tree.open().plan({ env: { B: '2' } }, tree.repo).values).toMatchObject({
      sandbox: 'danger-full-access',
      env: { A: '1', B: '2' },
    })
  })

  it('is needed for everything in a file of another user', () => {
    using tree = makeTree()
    tree.local('[defaults]\neffort = "low"\n')
    const other = tree.open({ uid: 12_345 })
    const own = process.getuid?.() ?? 0
    const act = () => other.plan({}, tree.repo)
    // Root's files are everybody's.
    if (own === 0) expect(act().values.effort).toBe('low')
    else expect(refusal(act).message).toContain('another user')
  })

  it('needs a file to trust, and one that dispatch wrote', () => {
    using tree = makeTree()
    expect(refusal(() => tree.open().trust({}, tree.repo)).code).toBe('not_found')
    tree.local('[defaults]\nnetwork = true\n')
    tree.write('home/trusted-configs.json', 'no json')
    expect(refusal(() => tree.open().plan({}, tree.repo)).message).toContain('trusted-configs.json')
  })
})

describe('show', () => {
  it('has every value of lanes and daemon with its origin, and no secret', () => {
    using tree = makeTree()
    const lines = ['[watchdog]', 'silence_seconds = 30', '[lane_tools]', 'enabled = false']
    tree.global([...lines, '[daemon.env]', 'API_KEY = "sk-secret"', ''].join('\n'))
    const shown = tree.open().show({}, tree.repo)
    const rows = Object.fromEntries(shown.values.map((row) => [row.key, row]))
    expect(rows).toMatchObject({
      prefix: { value: '[shop]', origin: 'built-in' },
      'watchdog.silence_seconds': { value: 30, origin: 'global', section: 'watchdog' },
      'watchdog.interrupt': { value: false, origin: 'built-in' },
      'policy.requests': { value: 'attention', origin: 'built-in' },
      'daemon.env.API_KEY': { value: '(set)', origin: 'global' },
    })
    expect(JSON.stringify(shown)).not.toContain('sk-secret')
    expect(shown.files).toMatchObject([{ layer: 'global', exists: true }])
  })

  it('works without any file', () => {
    using tree = makeTree()
    const shown = tree.open({ home: join(tree.root, 'nowhere') }).show({}, tree.repo)
    expect(shown.files).toMatchObject([{ layer: 'global', exists: false }])
  })
})

describe("the daemon's own tables", () => {
  it('are the built-in ones while the file cannot be read, and say why', () => {
    using tree = makeTree()
    const configuration = tree.open()
    expect(configuration.daemon().retention.events_days).toBe(14)
    expect(configuration.problems()).toEqual([])
    tree.global('[retention]\nevents_days = 3\n')
    expect(configuration.daemon().retention).toMatchObject({ events_days: 3, audit_days: 90 })
    tree.global('[retention]\nevents_days = "many"\n')
    expect(configuration.daemon().retention.events_days).toBe(14)
    expect(configuration.problems().join()).toContain('retention.events_days')
  })

  it('give agents no tools while the file cannot be read', () => {
    using tree = makeTree()
    const configuration = tree.open()
    expect(configuration.daemon().lane_tools.enabled).toBe(true)
    tree.global('[lane_tools]\nenabled = false\nmax_depht = 1\n')
    expect(configuration.daemon().lane_tools.enabled).toBe(false)
    expect(configuration.problems().join()).toContain('without lane tools')
  })

  it('have rules that say one thing each', () => {
    using tree = makeTree()
    const rules = (text: string) => {
      tree.global(`[[policy.rules]]\n${text}\n`)
      return tree.open().problems()
    }
    for (const right of ['allow = true\ncommand_prefix = "git"', 'deny = true\nnetwork = "*"']) {
      expect(rules(right).join()).not.toContain('policy.rules')
    }
    for (const wrong of ['allow = true', 'allow = true\ndeny = true\npath = "/x"', 'path = "/x"']) {
      expect(rules(wrong).join()).toContain('policy.rules.0')
    }
  })

  it('change the host that the daemon takes', () => {
    using tree = makeTree()
    tree.global('[codex]\nbin = "/opt/codex"\n[daemon.env]\nPATH = "/bin"\n')
    const host = { env: { PATH: '/usr/bin', HOME: '/h', DISPATCH_CODEX: '/other' } } as never
    expect(hostToConfigured(host, tree.open().daemon()).env).toEqual({
      PATH: '/bin',
      HOME: '/h',
      DISPATCH_CODEX: '/opt/codex',
    })
  })
})
