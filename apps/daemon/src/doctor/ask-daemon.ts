// Asks a running daemon how it stands, over its socket: one connection, one call, nothing started.
import { connect } from 'node:net'
import { bounds, WIRE } from '@dispatch/contract'
import type { Clock } from '../clock/clock.ts'

type Question = { socket: string; version: string; timeoutMs: number; clock: Clock }

const callTo = (version: string): string =>
  [
    { hello: { wire: WIRE, version, contract: '', caller: 'cli', cwd: '/', zone: 'UTC' } },
    { id: 1, method: 'query', params: { path: 'daemon.status', input: {} } },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')

/** Whether any program listens there. */
export const isServed = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const connection = connect(socket)
    connection.on('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.on('error', () => resolve(false))
  })

type Line = {
  id?: number
  hello?: object
  result?: { data?: unknown }
  error?: { message?: string }
}

/** What it answers to `daemon status`; rejects where it does not. */
export const askDaemon = ({ socket, version, timeoutMs, clock }: Question): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const connection = connect(socket)
    const timer = clock.at(timeoutMs, () => end(new Error(`no answer within ${timeoutMs} ms`)))
    let said = ''
    const end = (error: Error | null, answer?: unknown): void => {
      timer[Symbol.dispose]()
      connection.destroy()
      if (error) reject(error)
      else resolve(answer)
    }
    const take = (line: string): void => {
      const { id, result, error } = JSON.parse(line) as Line
      if (error) end(new Error(error.message ?? 'it answered with an error'))
      else if (id === 1) end(null, result?.data ?? null)
    }
    connection.setEncoding('utf8')
    connection.on('connect', () => connection.write(callTo(version)))
    connection.on('error', end)
    connection.on('close', () => end(new Error('it closed the connection')))
    connection.on('data', (chunk: string) => {
      said += chunk
      const lines = said.split('\n')
      said = lines.pop() ?? ''
      try {
        if (said.length > bounds.wireLine) throw new Error('its answer is too long')
        for (const line of lines) take(line)
      } catch (error) {
        end(error instanceof Error ? error : new Error(String(error)))
      }
    })
  })
