import { appRouter, describeRouter } from '@dispatch/contract'
import type { ManifestOp } from '@dispatch/contract/manifest'
import { describe, expect, test } from 'vitest'
import { commandsToCalls } from './command-words.ts'
import { manifestToTools } from './tool.ts'

const manifest = describeRouter(appRouter)
const opAt = (path: string) => manifest.ops.find((op) => op.path === path) as ManifestOp
const grouped = manifestToTools(manifest, 'grouped')
const each = manifestToTools(manifest, 'each')

const inCalls = (text: string, entries = grouped): string =>
  commandsToCalls(text, { entries, op: opAt('send') })

describe('a command in a text is the call of the tool that carries it out', () => {
  test.each([
    ['dispatch list', 'dispatch_thread_read {"op":"list"}'],
    ['dispatch get 0xjNk1', 'dispatch_thread_read {"op":"get","lane":"0xjNk1"}'],
    ['dispatch list --unmanaged', 'dispatch_thread_read {"op":"list_unmanaged"}'],
    ['dispatch list --status busy', 'dispatch_thread_read {"op":"list","status":"busy"}'],
    [
      'dispatch wait 0xjNk1 --timeout 60',
      'dispatch_thread_read {"op":"wait","lanes":["0xjNk1"],"timeoutSeconds":60}',
    ],
    [
      'dispatch send 0xjNk1 "Go on." --queue',
      'dispatch_thread_write {"op":"send","lane":"0xjNk1","text":"Go on.","mode":"queue"}',
    ],
    [
      'dispatch archive 0xjNk1 --yes',
      'dispatch_thread_destroy {"op":"archive","lane":"0xjNk1","confirm":true}',
    ],
    [
      'dispatch tail 0xjNk1, then dispatch stop 0xjNk1',
      'dispatch_thread_read {"op":"tail","lane":"0xjNk1"}, then dispatch_thread_write {"op":"stop","lane":"0xjNk1"}',
    ],
    [
      'Look with dispatch get @docs.',
      'Look with dispatch_thread_read {"op":"get","lane":"@docs"}.',
    ],
    ['dispatch stop pauses it.', 'dispatch_thread_write {"op":"stop"} pauses it.'],
    [
      'dispatch send 0xjNk1 ... with --queue, --steer or --interject',
      'dispatch_thread_write {"op":"send","lane":"0xjNk1","text":"..."} with mode: queue, mode: steer or mode: interject',
    ],
    [
      'dispatch request list, then approve, deny or respond',
      'dispatch_thread_read {"op":"request_list"}, then approve, deny or respond',
    ],
    ['dispatch daemon log --op send', 'dispatch_daemon_read {"op":"log","logOp":"send"}'],
    [
      'dispatch attach 01a0, or leave --intro out',
      'dispatch_thread_write {"op":"attach","thread":"01a0"}, or leave intro out',
    ],
    ['Leave --queue out.', 'Leave mode: queue out.'],
    ['dispatch trigger get pulse', 'dispatch_trigger_read {"op":"get","trigger":"pulse"}'],
  ])('%s', (text, said) => {
    expect(inCalls(text)).toBe(said)
  })

  test('by its own name where each op has a tool', () => {
    expect(inCalls('dispatch queue resume 0xjNk1', each)).toBe(
      'dispatch_queue_resume {"lane":"0xjNk1"}',
    )
  })
})

test.each([
  'dispatch up',
  'dispatch daemon logs --level error',
  'dispatch restart --codex. dispatch doctor shows what it lacks.',
  'dispatch trigger add --help',
  'dispatch cannot do without.',
  'dispatch down --queue waits, dispatch down --force cuts them',
  'CODEX_HOME=/c dispatch up, or another DISPATCH_HOME for /d',
])('what no tool does stays as it is: %s', (text) => {
  expect(inCalls(text)).toBe(text)
})

test('every example of the contract that a tool carries out is a call of it', () => {
  for (const { ops } of grouped) {
    for (const { op, name } of ops) {
      for (const example of op.meta.cliMeta.examples) {
        if (
          !example.startsWith('dispatch ') ||
          /[|<]|--(?:follow|help|output|[a-z]+-file)/.test(example)
        )
          continue
        expect(inCalls(example), example).toContain(`{"op":"${name}"`)
      }
    }
  }
})
