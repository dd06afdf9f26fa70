// Goals by the command line: flags, files, confirmation, and what a killed daemon and `down` leave.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GoalReadResult, LaneDetail } from '@dispatch/contract'
import { describe, expect, it } from 'vitest'
import { makeWorld, type World } from '../src/world.ts'

const goalOf = async (world: World, lane: string) =>
  ((await world.dispatch(['goal', 'status', lane])).json() as GoalReadResult).goal

const promptsOf = ({ model }: World): string[] =>
  model.requests.flatMap(({ prompt, toolOutputs }) =>
    prompt && toolOutputs.length === 0 ? [`${prompt.kind}: ${prompt.text}`] : [],
  )

describe('goal', () => {
  it('is set by flags and files, and cleared with --yes alone', async () => {
    await using world = await makeWorld()
    const later = ['new', '--name', 'a', '--goal-file', '-', '--no-send']
    const made = await world.dispatch(later, { input: 'one\n' })
    expect(made.json()).toMatchObject({ goalSet: true, messageAccepted: false })
    expect((await goalOf(world, '@a'))?.objective.trim()).toBe('one')
    writeFileSync(join(world.work, 'goal.md'), 'two')
    const file = ['goal', 'set', '@a', '--objective-file', 'goal.md', '--token-budget', '5']
    expect((await world.dispatch(file)).json()).toMatchObject({
      goal: { objective: 'two', status: 'paused', tokenBudget: 5 },
    })
    const both = await world.dispatch(['goal', 'set', '@a', 'x', '--objective-file', 'goal.md'])
    expect(both.code).toBe(2)
    const unknown = await world.dispatch(['goal', 'set', '@a', '--status', 'done'])
    expect(unknown).toMatchObject({ code: 2 })
    expect(unknown.error().message).toContain('budgetLimited')
    const long = await world.dispatch(['goal', 'set', '@a', '--objective-file', '-'], {
      input: 'x'.repeat(4_001),
    })
    expect(long).toMatchObject({ code: 2 })
    expect(long.error().message).toContain('4000')
    const asked = await world.dispatch(['goal', 'clear', '@a'])
    expect(asked).toMatchObject({ code: 2 })
    expect(asked.error().message).toContain('--yes')
    const cleared = await world.dispatch(['goal', 'clear', '@a', '--yes'])
    expect(cleared.json()).toMatchObject({ cleared: true, goal: null })
    const text = await world.dispatch(['goal', 'set', '@a', 'three', '--status', 'paused'], {})
    expect(text.code).toBe(0)
    const shown = await world.dispatch(['goal', 'status', '@a', '--output', 'text'])
    expect(shown.stdout).toContain('three')
  })
})

describe('down and up', () => {
  it('pause a goal and let it go on', async () => {
    await using world = await makeWorld()
    await world.dispatch(['new', '--name', 'a', '--goal', 'gate: a'])
    await world.model.waitForGate('a')
    const down = await world.dispatch(['down'])
    expect(down.json()).toMatchObject({ status: 'stopped' })
    expect((await world.dispatch(['up'])).code).toBe(0)
    await world.model.waitForGate('a')
    expect(promptsOf(world)).toEqual(['goal: gate: a', 'goal: gate: a'])
    const stopped = await world.dispatch(['stop', '@a'])
    expect(stopped.json()).toMatchObject({ lanes: [{ goalPaused: true }] })
    expect((await world.dispatch(['restart', '--codex'])).code).toBe(0)
    expect(await goalOf(world, '@a')).toMatchObject({ status: 'paused', pausedFor: null })
    expect(promptsOf(world)).toHaveLength(2)
  })
})

describe('a daemon that is killed', () => {
  it('while a goal is paused for a message leaves it to the next one', async () => {
    await using world = await makeWorld()
    await world.dispatch(['new', '--name', 'a', '--goal', 'gate: a'])
    await world.model.waitForGate('a')
    await world.dispatch(['send', '@a', 'gate: m', '--queue'])
    expect(await goalOf(world, '@a')).toMatchObject({ status: 'paused', pausedFor: 'message' })
    await world.killDaemon()
    world.model.open('a')
    expect((await world.dispatch(['up'])).code).toBe(0)
    await world.model.waitForGate('m')
    world.model.shut('a')
    world.model.open('m')
    await world.model.waitForGate('a')
    expect(promptsOf(world)).toEqual(['goal: gate: a', 'user: gate: m', 'goal: gate: a'])
    const lane = (await world.dispatch(['get', '@a'])).json() as LaneDetail
    expect(lane).toMatchObject({ goal: { status: 'active', pausedFor: null }, deliveries: [] })
  })
})
