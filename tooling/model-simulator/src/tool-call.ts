/**
 * Directives that call a tool, as the items that Codex takes for a call: by the names and kinds of
 * the tools that the request lists, which depend on the model and on Codex's version.
 */
import type { Directive } from './directive.ts'
import type { ListedTool } from './model-request.ts'

export interface CallItem {
  type: string
  [field: string]: unknown
}

type CallDirective = Extract<Directive, { kind: 'shell' | 'patch' | 'tool' }>

const functionCall = (tool: ListedTool, values: object): CallItem => ({
  type: 'function_call',
  name: tool.name,
  ...(tool.namespace === undefined ? {} : { namespace: tool.namespace }),
  arguments: JSON.stringify(values),
})

const shellTools: Record<string, (command: string) => object> = {
  exec_command: (cmd) => ({ cmd }),
  shell_command: (command) => ({ command }),
  shell: (command) => ({ command: ['bash', '-lc', command] }),
}

function shellCall(command: string, escalated: boolean, tools: ListedTool[]) {
  const tool = tools.find(({ name }) => name in shellTools)
  const values = tool && shellTools[tool.name]?.(command)
  if (!tool || !values) return undefined
  if (!escalated) return functionCall(tool, values)
  const justification = 'The simulated model asks to leave the sandbox.'
  return functionCall(tool, { ...values, sandbox_permissions: 'require_escalated', justification })
}

function patchText(path: string, body: string): string {
  if (body.startsWith('*** Begin Patch')) return body
  const lines = (body === '' ? 'patched by the simulator' : body).split('\n')
  const added = lines.map((line) => `+${line}`).join('\n')
  return `*** Begin Patch\n*** Add File: ${path}\n${added}\n*** End Patch`
}

/** Where no `apply_patch` is listed Codex takes it from the shell tool just the same. */
function patchCall(path: string, body: string, tools: ListedTool[]) {
  const patch = patchText(path, body)
  const tool = tools.find(({ name }) => name === 'apply_patch')
  if (!tool) return shellCall(`apply_patch <<'PATCH'\n${patch}\nPATCH`, false, tools)
  if (tool.type === 'custom') return { type: 'custom_tool_call', name: tool.name, input: patch }
  return functionCall(tool, { input: patch })
}

function namedCall(wanted: string, argumentsJson: string, tools: ListedTool[]) {
  const tool = tools.find(
    ({ name, namespace }) => name === wanted || `${namespace}.${name}` === wanted,
  )
  if (!tool) return undefined
  return { ...functionCall(tool, {}), arguments: argumentsJson }
}

/** Undefined when the request lists no such tool. */
export function directiveToCall(
  directive: CallDirective,
  tools: ListedTool[],
): CallItem | undefined {
  switch (directive.kind) {
    case 'shell':
      return shellCall(directive.command, directive.escalated, tools)
    case 'patch':
      return patchCall(directive.path, directive.body, tools)
    case 'tool':
      return namedCall(directive.name, directive.argumentsJson, tools)
  }
}
