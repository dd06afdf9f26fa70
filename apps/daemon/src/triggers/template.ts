// Texts with placeholders: which there are, and how they are filled in. Pure. A text without
// `--template` never comes here.

/** What a placeholder stands for. */
export type TemplateValues = {
  'lane.ref': string
  'lane.title': string
  'trigger.name': string
  'fire.scheduledAt': string
  'turn.lastMessage': string
}

const names: readonly (keyof TemplateValues)[] = [
  'lane.ref',
  'lane.title',
  'trigger.name',
  'fire.scheduledAt',
  'turn.lastMessage',
]

const placeholder = /\$\{([^}]*)\}/g

const isName = (name: string): name is keyof TemplateValues => names.some((known) => known === name)

/** What a text has that cannot be filled in: placeholders that are none, and those of a lane that is not there yet. */
export const templateProblemOf = (text: string, hasLane: boolean): string | null => {
  for (const [shown, name = ''] of text.matchAll(placeholder)) {
    if (!isName(name))
      return `${shown} is no placeholder; there are ${names.map((known) => `\${${known}}`).join(', ')}`
    if (!hasLane && name.startsWith('lane.')) return `${shown} has no value with --action new`
  }
  return null
}

/** The text with its placeholders filled in. What is put in is not looked through again. */
export const templateToText = (text: string, values: TemplateValues): string =>
  text.replaceAll(placeholder, (shown, name: string) => (isName(name) ? values[name] : shown))
