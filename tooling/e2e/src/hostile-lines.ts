// Lines for a control socket that nobody would send: cut, doubled, bent and invented calls, and bytes
// that are no text. The same seed is the same lines.

/** A source of lines without their newline. */
export type HostileLines = { next(): Buffer }

const paths = [
  'list',
  'get',
  'new',
  'send',
  'archive',
  'set',
  'daemon.log',
  'queue.move',
  'config.trust',
  'watchFollow',
  'no.such.op',
  'constructor',
  '__proto__',
  'toString.call',
  'list.',
  '',
]

const methods = ['query', 'mutation', 'subscription', 'cancel', 'QUERY', '__proto__', '', 7]

// mulberry32
const makeRandom = (seed: number) => {
  let state = seed >>> 0
  return (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Makes the source of that seed. */
export const makeHostileLines = (seed: number): HostileLines => {
  const random = makeRandom(seed)
  const one = <T>(of: readonly T[]): T => of[random(of.length)] as T

  const value = (depth: number): unknown => {
    const kinds = [
      () => null,
      () => random(2) === 0,
      () => one([0, -1, 1.5, 1e308, 2 ** 53, -0]),
      () =>
        one(['', '@a', "'; drop table lanes; --", '\u0000', '\u001b[2J', '𝒳', '../../etc', '%s']),
      () => 'x'.repeat(random(2_000)),
      () => Array.from({ length: random(4) }, () => (depth > 0 ? value(depth - 1) : 0)),
      () => ({
        [one(['lane', 'name', 'text', 'limit', 'constructor', 'hello'])]:
          depth > 0 ? value(depth - 1) : null,
      }),
    ]
    return one(kinds)()
  }

  const call = (): string =>
    JSON.stringify({
      id: random(4) === 0 ? value(1) : 1_000 + random(1_000_000),
      method: one(methods),
      params:
        random(4) === 0
          ? value(2)
          : { path: one(paths), input: random(3) === 0 ? { lane: '@a' } : value(3) },
    })

  const hello = (): string => JSON.stringify({ hello: value(2) })

  const deep = (): string => `${'['.repeat(random(5_000))}${'{"a":'.repeat(random(500))}`

  // Keys that a JSON parser makes no prototype of, and that a careless merge would.
  const polluting = (): string =>
    `{"id":${random(1_000)},"method":"query","params":{"path":"list","input":{"__proto__":{"limit":1}}}}`

  const bytes = (): Buffer =>
    Buffer.from(
      Array.from({ length: random(200) }, () => random(256)).filter((byte) => byte !== 10),
    )

  const bent = (): Buffer => {
    const line = Buffer.from(call())
    const at = random(line.length)
    const ways = [
      () => line.subarray(0, at),
      () => Buffer.concat([line, line]),
      () => Buffer.concat([line.subarray(0, at), Buffer.from([random(9)]), line.subarray(at)]),
      () => Buffer.concat([line.subarray(at), line.subarray(0, at)]),
    ]
    return one(ways)()
  }

  return { next: () => Buffer.from(one([call, call, hello, deep, polluting, bytes, bent, bent])()) }
}
