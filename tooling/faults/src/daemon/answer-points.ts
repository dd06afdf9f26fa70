// Points around each answer to a caller whose op writes: `answer send before`, named after the op.
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { Pass } from './points.ts'

type Writing = { write: (chunk: unknown, ...rest: unknown[]) => boolean }

const linesOf = (take: (line: string) => void): ((chunk: Buffer) => void) => {
  let rest = ''
  return (chunk) => {
    const parts = (rest + chunk.toString('utf8')).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) take(part)
  }
}

/** The op and id of a line that calls one that writes. */
const callOf = (line: string): { id: number; path: string } | null => {
  const request = JSON.parse(line) as { id?: number; method?: string; params?: { path?: string } }
  const { id, method, params } = request
  return method === 'mutation' && id !== undefined && params?.path
    ? { id, path: params.path }
    : null
}

const watchSocket = (socket: Socket, pass: Pass): void => {
  const open = new Map<number, string>()
  socket.on(
    'data',
    linesOf((line) => {
      const call = callOf(line)
      if (call) open.set(call.id, call.path)
    }),
  )
  const writing = socket as unknown as Writing
  const original = writing.write.bind(socket)
  const answered = (chunk: unknown): string[] => {
    if (typeof chunk !== 'string') return []
    return chunk.split('\n').flatMap((line) => {
      const id = Number(/^\{"id":(\d+)/.exec(line)?.[1] ?? -1)
      const path = open.get(id)
      open.delete(id)
      return path === undefined ? [] : [path]
    })
  }
  writing.write = (chunk, ...rest) => {
    const paths = answered(chunk)
    for (const path of paths) pass(`answer ${path} before`)
    const result = original(chunk, ...rest)
    for (const path of paths) pass(`answer ${path} after`)
    return result
  }
}

/** Sees every answer to a caller from here on. */
export const watchAnswers = (pass: Pass): void => {
  subscribe('net.server.socket', (message) => {
    watchSocket((message as { socket: Socket }).socket, pass)
  })
}
