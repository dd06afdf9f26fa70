/**
 * Directives that call a tool, as the items that Codex takes for a call. Codex offers the same
 * tools in two ways, by the model: listed one by one, or (the newer models) behind one `exec` tool
 * that runs JavaScript with all of them at hand.
 */
import type { Directive } from './directive.ts'
import type { ListedTool } from './model-request.ts'

export interface CallItem {
  type: string
  [field: string]: unknown
}

type CallDirective = Extract<Directive, { kind: 'shell' | 'patch' | 'tool' }>

const isNamed = (wanted: string) => (tool: ListedTool) =>
  tool.name === wanted || `${tool.namespace}.${tool.name}` === wanted

const addressOf = ({ name, namespace }: ListedTool) =>
  namespace === undefined ? { name } : { name, namespace }

/** `input` is text for a freeform tool and an object for any other. */
function call(wanted: string, input: string | object, tools: ListedTool[]): CallItem | undefined {
  const tool = tools.find(isNamed(wanted))
  if (tool?.type === 'custom' && typeof input === 'string') {
    return { type: 'custom_tool_call', ...addressOf(tool), input }
  }
  if (tool) {
    const values = typeof input === 'string' ? { input } : input
    return { type: 'function_call', ...addressOf(tool), arguments: JSON.stringify(values) }
  }
  const exec = tools.find(({ name, type }) => name === 'exec' && type === 'custom')
  if (!exec) return undefined
  const nested = JSON.stringify(wanted.replaceAll(/\W/g, '_'))
  const code = `text(await tools[${nested}](${JSON.stringify(input)}))`
  return { type: 'custom_tool_call', ...addressOf(exec), input: code }
}

function shellCall(cmd: string, escalated: boolean, tools: ListedTool[]) {
  const justification = 'The simulated model asks to leave the sandbox.'
  const escalation = { sandbox_permissions: 'require_escalated', justification }
  return call('exec_command', escalated ? { cmd, ...escalation } : { cmd }, tools)
}

function patchText(path: string, body: string): string {
  if (body.startsWith('*** Begin Patch')) return body
  const lines = (body === '' ? 'patched by the simulator' : body).split('\n')
  const added = lines.map((line) => `+${line}`).join('\n')
  return `*** Begin Patch\n*** Add File: ${path}\n${added}\n*** End Patch`
}

/** Where no `apply_patch` is offered Codex takes it from the shell tool just the same. */
function patchCall(path: string, body: string, tools: ListedTool[]) {
  const patch = patchText(path, body)
  const shell = tools.some(isNamed('exec_command')) && !tools.some(isNamed('apply_patch'))
  return shell
    ? shellCall(`apply_patch <<'PATCH'\n${patch}\nPATCH`, false, tools)
    : call('apply_patch', patch, tools)
}

/** Undefined when the request offers no such tool. */
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
      return call(directive.name, directive.values, tools)
  }
}
