import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePlace, type Place } from '../composed.ts'

const refused = (what: string, available: unknown) => ({
  cause: { code: 'validation', hint: 'dispatch models', details: { [what]: 'odd', available } },
})

/** Codex as most people have it: its own provider, its own catalogue. */
const useOpenai = ({ root }: Place): void => {
  const file = join(root, 'codex', 'config.toml')
  const config = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    config
      .replace(/^model = .*$/m, '')
      .replace(/^model_provider = .*$/m, 'model_provider = "openai"'),
  )
}

describe('models on the real Codex', () => {
  it('lists what Codex offers, keeps it, and shows it with no Codex', async () => {
    await using place = await makePlace()
    {
      await using running = place.start()
      const live = await running.ops().models({})
      expect(live).toMatchObject({
        source: 'app-server',
        catalogState: 'live',
        configuredDefault: { model: 'simulated-model', modelProvider: 'simulator' },
      })
      expect(live.models.length).toBeGreaterThan(3)
      expect(live.models.filter(({ isDefault }) => isDefault)).toHaveLength(1)
      expect(live.models.every(({ hidden }) => !hidden)).toBe(true)
      expect(live.models[0]).toMatchObject({
        provider: 'openai',
        aliases: { fast: 'priority' },
        supportedReasoningEfforts: expect.arrayContaining(['low', 'high']) as string[],
      })
      const all = await running.ops().models({ includeHidden: true })
      expect(all.models.length).toBeGreaterThan(live.models.length)
      // A row that Codex no longer lists goes with the next look.
      const seen = running.store.runtime.get('codex.catalogue') as { models: object[] }
      running.store.runtime.set('codex.catalogue', {
        ...seen,
        models: [...seen.models, { ...seen.models[0], id: 'gone' }],
      })
      const stale = await running.ops().models({ refresh: false })
      expect(stale.models.at(-1)).toMatchObject({ id: 'gone' })
      await running.ops().models({})
      const fresh = await running.ops().models({ refresh: false })
      expect(fresh).toMatchObject({ source: 'registry', catalogState: 'cached' })
      expect(fresh.models.map(({ id }) => id)).toEqual(live.models.map(({ id }) => id))
      await running.daemon.link.end()
    }
    await using broken = place.start({ DISPATCH_CODEX: '/absent/codex' })
    const cached = await broken.ops().models({ refresh: false })
    expect(cached).toMatchObject({
      catalogState: 'cached',
      configuredDefault: { modelProvider: 'simulator' },
    })
    expect(cached.models.length).toBeGreaterThan(3)
    await expect(broken.ops().models({})).rejects.toMatchObject({
      cause: { code: 'app_server', hint: expect.stringContaining('--no-refresh') as string },
    })
  })

  it('shows an empty catalogue where Codex never was', async () => {
    await using place = await makePlace({ codex: '/absent/codex' })
    await using running = place.start()
    expect(await running.ops().models({ refresh: false })).toEqual({
      refreshedAt: null,
      source: 'registry',
      catalogState: 'empty',
      configuredDefault: null,
      models: [],
    })
  })

  it('takes any model, effort and tier of a provider that the catalogue is not of', async () => {
    await using place = await makePlace()
    await using running = place.start()
    const made = await running.ops().new({
      name: 'a',
      model: 'another-simulated-model',
      text: 'reply: hi',
      wait: true,
    })
    expect(made).toMatchObject({ model: 'another-simulated-model', lastMessage: 'hi' })
    const sent = await running
      .ops()
      .send({ lane: '@a', text: 'reply: ho', model: 'third-model', wait: true })
    expect(sent).toMatchObject({ lastMessage: 'ho', error: null })
  })

  it('refuses what the catalogue has not, before there is a thread, and resolves fast', async () => {
    await using place = await makePlace()
    useOpenai(place)
    await using running = place.start()
    const make = (input: object) => running.ops().new({ name: 'a', send: false, ...input })
    await expect(make({ model: 'odd' })).rejects.toMatchObject(
      refused('model', expect.arrayContaining(['gpt-6.1-sol'])),
    )
    await expect(make({ model: 'odd', dryRun: true })).rejects.toMatchObject(
      refused('model', expect.arrayContaining(['gpt-6.1-sol'])),
    )
    await expect(make({ effort: 'odd' })).rejects.toMatchObject(
      refused('effort', expect.arrayContaining(['low'])),
    )
    await expect(make({ serviceTier: 'odd' })).rejects.toMatchObject(
      refused('serviceTier', expect.arrayContaining(['priority (Fast)'])),
    )
    expect((await running.ops().list({})).lanes).toEqual([])
    const client = await running.daemon.link.client()
    expect((await client.request('thread/loaded/list', {})).data).toEqual([])

    const made = await make({ model: 'gpt-6.1-sol', effort: 'high', serviceTier: 'fast' })
    expect(made.effective).toMatchObject({
      model: 'gpt-6.1-sol',
      effort: 'high',
      serviceTier: 'priority',
    })
    expect((await running.ops().get({ lane: '@a' })).settings.serviceTier).toBe('priority')
    await expect(
      running.ops().send({ lane: '@a', text: 'x', effort: 'odd' }),
    ).rejects.toMatchObject(refused('effort', expect.arrayContaining(['low'])))
    await expect(running.ops().set({ lane: '@a', model: 'odd' })).rejects.toMatchObject(
      refused('model', expect.arrayContaining(['gpt-6.1-sol'])),
    )
    // With another provider the catalogue has nothing to say.
    expect(await make({ name: 'b', model: 'odd', modelProvider: 'simulator' })).toMatchObject({
      model: 'odd',
    })
  })
})
