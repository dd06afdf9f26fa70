// Rollout files as Codex writes them for turns of many commands: of each command the call, its end, what
// the model was given of it, and the tokens. Words are drawn as people use them: few often, most seldom.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '@dispatch/store'
import type { World } from '@dispatch/e2e'
import { threadIdOf } from './fixtures.ts'

/** How much: items in all are `lanes * turns * outputs`. */
export type RolloutLoad = { lanes: number; turns: number; outputs: number }

/** One item in so many has the rare word, and fails. */
export const RARE_EVERY = 20_000

const START = Date.UTC(2026, 0, 1)
const VOCABULARY = 20_000

// The same words in every run.
const makeRandom = (): (() => number) => {
  let seed = 1
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
}

const makeWords = (random: () => number): (() => string) => {
  const endings = ['ing', 'er', 's', 'tion', '']
  return () => {
    const number = Math.floor(random() ** 3 * VOCABULARY)
    return `w${number.toString(36)}${endings[number % endings.length]}`
  }
}

const usage = { input_tokens: 10_779, cached_input_tokens: 0, output_tokens: 22, total_tokens: 801 }

/** Writes the files of the lanes of a filled registry, and says where they are; bytes of all. */
export const writeRollouts = (world: World, { lanes, turns, outputs }: RolloutLoad): number => {
  const folder = join(world.root, 'rollouts')
  mkdirSync(folder)
  const random = makeRandom()
  const word = makeWords(random)
  let bytes = 0
  let number = 0
  using store = openStore({ file: join(world.home, 'registry.db') })
  for (let lane = 0; lane < lanes; lane += 1) {
    const path = join(folder, `${lane}.jsonl`)
    store.lanes.update(threadIdOf(lane), { rolloutPath: path })
    const file = openSync(path, 'w', 0o600)
    let ordinal = 0
    for (let turn = 0; turn < turns; turn += 1) {
      const turn_id = `019bd000-0002-7000-8000-${String(lane * turns + turn).padStart(12, '0')}`
      const lines: string[] = []
      const add = (at: number, type: string, payload: object): void => {
        const timestamp = new Date(at).toISOString()
        lines.push(JSON.stringify({ timestamp, ordinal, type, payload }))
        ordinal += 1
      }
      for (let output = 0; output < outputs; output += 1) {
        const at = START + number * 3_000
        const id = `call_${number}`
        const rare = number % RARE_EVERY === 7
        const words = Array.from({ length: 20 + Math.floor(random() * 60) }, word).join(' ')
        const said = `the output of ${number % 2 === 0 ? 'build' : 'test'} ${number}${rare ? ' needle' : ''}\n${words}\n`
        const command = `make ${number % 2 === 0 ? 'build' : 'test'}`
        add(at, 'response_item', {
          type: 'function_call',
          name: 'exec_command',
          arguments: JSON.stringify({ cmd: command }),
          call_id: id,
        })
        add(at, 'token_usage_record', {
          turn_id,
          usage,
          turn_token_usage: usage,
          thread_token_usage: usage,
        })
        const item = {
          type: 'CommandExecution',
          id,
          process_id: '71553',
          command: ['/bin/bash', '-lc', command],
          cwd: `file://${world.work}`,
          parsed_cmd: [{ type: 'unknown', cmd: command }],
          source: 'unified_exec_startup',
          status: rare ? 'failed' : 'completed',
          aggregated_output: said,
          exit_code: rare ? 2 : 0,
        }
        const times = { started_at_ms: at, completed_at_ms: at }
        add(at, 'event_msg', {
          type: 'item_completed',
          thread_id: threadIdOf(lane),
          turn_id,
          item,
          ...times,
        })
        add(at, 'response_item', {
          type: 'function_call_output',
          call_id: id,
          output: `Chunk ID: aa9092\nProcess exited with code 0\nOutput:\n${said}`,
        })
        add(at, 'event_msg', {
          type: 'token_count',
          info: { total_token_usage: usage, last_token_usage: usage },
        })
        number += 1
      }
      bytes += writeSync(file, `${lines.join('\n')}\n`)
    }
    closeSync(file)
  }
  return bytes
}
