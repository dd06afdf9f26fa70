// The first line of a connection: who calls, from where, and which wire it speaks.
import type { Call, ClientHello } from '@dispatch/contract'

/** What a connection says of its caller: the part of every call that does not change. */
export type Caller = Pick<Call, 'caller' | 'cwd' | 'zone' | 'threadId' | 'codexHome'> & {
  wire: number
  version: string
}

type Claim = { [Field in keyof ClientHello['hello']]: unknown }

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= max

const isPath = (value: unknown): value is string => isText(value, 4_096) && value.startsWith('/')

const isCaller = (value: unknown): value is 'cli' | 'mcp' | 'client' =>
  value === 'cli' || value === 'mcp' || value === 'client'

/** The caller; null when the line says it wrongly. */
export const helloToCaller = (hello: unknown): Caller | null => {
  if (typeof hello !== 'object' || hello === null) return null
  const { wire, version, caller, cwd, zone, threadId, codexHome } = hello as Partial<Claim>
  if (!Number.isSafeInteger(wire) || !isText(version, 100) || !isCaller(caller)) return null
  if (!isPath(cwd) || !isText(zone, 100)) return null
  if (threadId !== undefined && !isText(threadId, 100)) return null
  return {
    wire: Number(wire),
    version,
    caller,
    cwd,
    zone,
    threadId: threadId ?? null,
    // It is there to be told beside an answer: no reason to refuse one.
    codexHome: isPath(codexHome) ? codexHome : null,
  }
}
