// An MCP server whose tools ask the person: by a form, or by a page to visit. It answers a call with
// what it was told.
import { createInterface } from 'node:readline'

const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const inputSchema = { type: 'object', properties: {} }
const tools = ['form', 'page'].map((name) => ({
  name,
  description: `asks by a ${name}`,
  inputSchema,
}))
const asks = {
  form: {
    message: 'Which branch?',
    requestedSchema: {
      type: 'object',
      properties: {
        branch: { type: 'string', minLength: 2 },
        how: { type: 'string', enum: ['merge', 'rebase'] },
      },
      required: ['branch'],
    },
  },
  page: { mode: 'url', message: 'Log in.', url: 'http://127.0.0.1:1/login', elicitationId: 'e' },
}
const calls = new Map()

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'asking', version: '1' },
  }),
  'tools/list': () => ({ tools }),
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result } = JSON.parse(line)
  if (method === 'tools/call') {
    const asked = `asked-${id}`
    calls.set(asked, id)
    send({ id: asked, method: 'elicitation/create', params: asks[params.name] })
  } else if (calls.has(id)) {
    send({
      id: calls.get(id),
      result: { content: [{ type: 'text', text: JSON.stringify(result) }] },
    })
  } else if (Object.hasOwn(answers, method)) {
    send({ id, result: answers[method](params) })
  }
})
