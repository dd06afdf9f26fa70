/**
 * The little language of a message's lines: text -> directives. Says what is asked, not how it is
 * played. Several lines are played in order. A line that is no directive continues the directive
 * above it (`reply`, `type`, `reason`, `patch`), and is ignored where there is none above.
 * The table of all directives stands in this package's README.md.
 */
export type Directive =
  | { kind: 'reply'; text: string }
  | { kind: 'type'; everyMs: number; text: string }
  | { kind: 'stream'; count: number; everyMs: number; word: string }
  | { kind: 'reason'; text: string }
  | { kind: 'wait'; ms: number }
  | { kind: 'gate'; name: string }
  | { kind: 'quiet'; name: string }
  | { kind: 'shell'; command: string; escalated: boolean }
  | { kind: 'patch'; path: string; body: string }
  | { kind: 'tool'; name: string; values: object }
  | { kind: 'fail-http'; status: number; times: number }
  | { kind: 'fail-event'; code: string; times: number }
  | { kind: 'hang'; at: 'headers' | 'body' }
  | { kind: 'cut'; after: number; times: number }

type Read = (rest: string) => Directive | undefined

function jsonToObject(json: string): object | undefined {
  try {
    return JSON.parse(json) as object
  } catch {
    return undefined
  }
}

const timesOf = (text: string | undefined) => (text === undefined ? Infinity : Number(text))

const readers: Record<string, Read> = {
  reply: (rest) => ({ kind: 'reply', text: rest }),
  type: (rest) => {
    const [, ms, text] = /^(\d+)ms(?:\s+([\s\S]*))?$/.exec(rest) ?? []
    return ms === undefined ? undefined : { kind: 'type', everyMs: Number(ms), text: text ?? '' }
  },
  stream: (rest) => {
    const [, count, ms, word] = /^(\d+)x(\d+)ms(?:\s+(\S.*))?$/.exec(rest) ?? []
    if (count === undefined) return undefined
    return { kind: 'stream', count: Number(count), everyMs: Number(ms), word: word ?? 'word' }
  },
  reason: (rest) => ({ kind: 'reason', text: rest }),
  wait: (rest) => {
    const ms = /^(\d+)ms$/.exec(rest)?.[1]
    return ms === undefined ? undefined : { kind: 'wait', ms: Number(ms) }
  },
  gate: (rest) => (rest === '' ? undefined : { kind: 'gate', name: rest }),
  quiet: (rest) => (rest === '' ? undefined : { kind: 'quiet', name: rest }),
  shell: (rest) => ({ kind: 'shell', command: rest, escalated: false }),
  'shell-escalated': (rest) => ({ kind: 'shell', command: rest, escalated: true }),
  patch: (rest) => ({ kind: 'patch', path: rest, body: '' }),
  tool: (rest) => {
    const [, name, json] = /^(\S+)(?:\s+(\{.*\}))?$/.exec(rest) ?? []
    if (name === undefined) return undefined
    const values = jsonToObject(json ?? '{}')
    return values && { kind: 'tool', name, values }
  },
  fail: (rest) => {
    const [, status, code, times] =
      /^(?:http (\d{3})|(other|[a-z]+(?:_[a-z]+)+))(?: x(\d+))?$/.exec(rest) ?? []
    if (status !== undefined) {
      return { kind: 'fail-http', status: Number(status), times: timesOf(times) }
    }
    return code === undefined ? undefined : { kind: 'fail-event', code, times: timesOf(times) }
  },
  hang: (rest) => (rest === 'headers' || rest === 'body' ? { kind: 'hang', at: rest } : undefined),
  cut: (rest) => {
    const [, after, times] = /^after (\d+)(?: x(\d+))?$/.exec(rest) ?? []
    return after === undefined
      ? undefined
      : { kind: 'cut', after: Number(after), times: timesOf(times) }
  },
}

function lineToDirective(line: string): Directive | undefined {
  const [, name, rest] = /^\s*([a-z]+(?:-[a-z]+)?):(?:\s+(.*))?$/.exec(line) ?? []
  return name === undefined ? undefined : readers[name]?.((rest ?? '').trimEnd())
}

function withLine(directive: Directive, line: string): Directive {
  switch (directive.kind) {
    case 'reply':
    case 'type':
    case 'reason':
      return { ...directive, text: `${directive.text}\n${line}` }
    case 'patch':
      return { ...directive, body: directive.body === '' ? line : `${directive.body}\n${line}` }
    default:
      return directive
  }
}

/** The directives of a text in their order; empty when the text has none. */
export function textToDirectives(text: string): Directive[] {
  const directives: Directive[] = []
  for (const line of text.split('\n')) {
    const directive = lineToDirective(line)
    const last = directives.at(-1)
    if (directive) directives.push(directive)
    else if (last) directives[directives.length - 1] = withLine(last, line)
  }
  return directives
}
