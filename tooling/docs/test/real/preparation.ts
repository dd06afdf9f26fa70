// What a page may take for granted, and what several pages do. The words of scripts are those of place.ts.
import type { ScenarioRule } from '@dispatch/model-simulator'
import type { Keys } from './foreground.ts'

/** What is made so before examples of a page. */
export type Preparation = {
  /** Before the first example below that heading (`# Heading`), or before each line that reads so; else at once. */
  at?: string
  /** A script of bash. */
  given?: string
  /** What a page writes for what only a world can tell, with the command that tells it. */
  standIns?: Readonly<Record<string, string>>
  /** What a page writes for a delivery that nobody can judge; there is one then. */
  unjudged?: string
  /** Variables of the environment from there on, each with the command that tells it. */
  env?: Readonly<Record<string, string>>
  /** What the model answers. */
  says?: readonly ScenarioRule[]
  /** What is typed into the line's terminal. */
  keys?: Keys
}

export const lastRequest = "dispatch request list | jq -r '.requests[0].id'"

export const features = `
cat >>"$CODEX_HOME/config.toml" <<'END'
[features]
default_mode_request_user_input = true
request_permissions_tool = true
END
`

const question = {
  ...{ id: 'branch', header: 'Branch', question: 'Which branch?' },
  options: [
    { label: 'main', description: 'the usual one' },
    { label: 'next', description: 'the other one' },
  ],
}
export const asksQuestion = `asks 'tool: request_user_input ${JSON.stringify({ questions: [question] })}'`
const wish = {
  network: { enabled: true },
  file_system: { write: ['/srv/data', '/srv/more'] },
}
export const asksPermission = `asks 'tool: request_permissions ${JSON.stringify({ reason: 'to fetch', permissions: wish })}'`
export const asksCommand = "asks 'shell-escalated: ls'"

// Codex's own terminal UI, left.
export const leaves: Keys = [
  ['Hello.', '\u0003'],
  ['', '\u0003'],
]

export const yes: Keys = [['[y/N]', 'y\r']]

// A turn of a goal that works until it is stopped.
export const goalWorks: readonly ScenarioRule[] = [{ kind: 'goal', lines: ['gate: goal'] }]
