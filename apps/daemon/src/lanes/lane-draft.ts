// A lane before it is made: everything that `new` was asked for, with the configuration under it,
// checked as far as it can be without Codex.
import { DispatchError, LaneSettings, type NewInput } from '@dispatch/contract'
import type { CreationDraft } from '@dispatch/store'
import type { Configuration } from '../config/configuration.ts'
import { checkDirectories } from './directories.ts'
import { nameToBare, nameToTitle } from './naming.ts'

type Plan = ReturnType<Configuration['plan']>

/** A lane to be made, with its first message and where each value comes from. */
export type LaneDraft = CreationDraft & {
  /** The first message; null where none is sent. */
  text: string | null
  /** What Codex is to work at by itself, or null. */
  goal: string | null
  values: Plan['values']
  rows: Plan['rows']
}

const settingNames = Object.keys(LaneSettings.shape) as (keyof LaneSettings)[]

/** The settings among other fields. */
export const fieldsToSettings = (fields: LaneSettings): LaneSettings =>
  Object.fromEntries(
    settingNames.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
  )

// Codex takes it for text, and the lane would look as if it had a goal.
const refuseGoalText = (text: string | undefined): void => {
  if (text === undefined || !/^\s*\/goal(\s|$)/.test(text)) return
  throw new DispatchError('validation', 'A message that begins with /goal sets no goal.', {
    hint: 'Give the goal to --goal, and the message without it.',
  })
}

/** The draft of what was asked for; throws `validation`. */
export const inputToDraft = (input: NewInput, plan: Plan): LaneDraft => {
  const { values, rows } = plan
  if (values.goal === undefined) refuseGoalText(values.text)
  if (values.goal !== undefined && values.ephemeral) {
    throw new DispatchError(
      'validation',
      'An ephemeral lane has no goal: Codex keeps none where it keeps no history.',
      { hint: 'Leave out --ephemeral or --goal; dispatch config show tells what is set.' },
    )
  }
  const text = input.send === false ? null : (values.text ?? null)
  if (input.wait && text === null) {
    throw new DispatchError('validation', '--wait needs a message that is sent.', {
      hint: 'Give --text or --input-file, without --no-send.',
    })
  }
  checkDirectories(values)
  return {
    name: nameToBare(input.name, values.prefix),
    title: nameToTitle(input.name, values.prefix),
    cwd: values.cwd,
    ephemeral: values.ephemeral,
    settings: fieldsToSettings(values),
    fork: null,
    text,
    goal: values.goal ?? null,
    values,
    rows,
  }
}
