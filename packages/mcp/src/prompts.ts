// The prompts: work that is worth a few words on how to do it with the tools. They name ops of the
// contract, and the tools as this server has them. Pure.
import type { Prompt } from '@modelcontextprotocol/sdk/types.js'
import type { ToolEntry } from '@dispatch/tools'

type Values = Readonly<Record<string, string>>

/** How an op is called with the tools of this server. */
export type Naming = (path: string) => string

type PromptText = {
  prompt: Prompt
  ops: readonly string[]
  write(values: Values, op: Naming): string
}

const delegate: PromptText = {
  prompt: {
    name: 'delegate',
    title: 'Delegate a task to a lane',
    description: 'Give a task to a Codex thread of its own, wait for it, and report.',
    arguments: [
      { name: 'task', description: 'What is to be done', required: true },
      { name: 'name', description: 'Name of the lane' },
      { name: 'cwd', description: 'Directory to work in; this one when absent' },
    ],
  },
  ops: ['new', 'wait', 'last', 'request.list', 'send'],
  write: ({ task = '', name, cwd }, op) =>
    [
      'Delegate this task to a lane of dispatch, a Codex thread of its own:',
      '',
      task,
      '',
      `1. Start it: ${op('new')}, with ${name === undefined ? 'a short name' : `the name ${name}`}${cwd === undefined ? '' : `, the cwd ${cwd}`} and the whole task as text. The lane knows nothing of this conversation: write what it needs, and how you want the result.`,
      `2. Wait: ${op('wait')}, with the ref of the lane. If a person is asked (approval_required), show what ${op('request.list')} gives, and leave the decision to me.`,
      `3. Read the result: ${op('last')}. Check it against the task. What is missing, ask the lane for: ${op('send')}.`,
      '4. Report what was done, and name the lane as [@handle](codex://threads/ID).',
    ].join('\n'),
}

const review: PromptText = {
  prompt: {
    name: 'review',
    title: 'Review what a lane did',
    description: 'Read the history of a lane, check its claims, and say what is open.',
    arguments: [
      { name: 'lane', description: 'Ref, @handle or thread id of the lane', required: true },
      { name: 'focus', description: 'What to look at above all' },
    ],
  },
  ops: ['get', 'tail', 'request.list', 'queue.list', 'send'],
  write: ({ lane = '', focus }, op) =>
    [
      `Review the work of the lane ${lane} of dispatch.${focus === undefined ? '' : ` Look above all at: ${focus}`}`,
      '',
      `1. See how it stands: ${op('get')}, ${op('request.list')} and ${op('queue.list')}.`,
      `2. Read its history: ${op('tail')}, further back with before, until you know what was asked and what was done.`,
      '3. Check what it claims in the files of its cwd. Change nothing there.',
      `4. Report findings by weight, each with where it is, then what is open. Name the lane as [@handle](codex://threads/ID). Send it nothing (${op('send')}) unless I say so.`,
    ].join('\n'),
}

/** Every prompt. */
export const prompts: readonly PromptText[] = [delegate, review]

/** Names ops by the tools that carry them out. */
export const namingOf =
  (entries: readonly ToolEntry[]): Naming =>
  (path) => {
    for (const { tool, ops, isGrouped } of entries) {
      const found = ops.find(({ op }) => op.path === path)
      if (found) return isGrouped ? `${tool.name} with op ${found.name}` : tool.name
    }
    throw new Error(`no tool for ${path}`)
  }
