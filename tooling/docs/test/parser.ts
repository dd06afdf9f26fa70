// The CLI's own parser over the commands of today's contract, reached in its package: it is no part of
// what the package offers.
import { manifestToTables } from '@dispatch/cli'
import { appRouter, describeRouter } from '@dispatch/contract'

type Parse = (argv: readonly string[]) => Promise<{ kind: 'call' | 'text' }>
type ParserModule = {
  makeFullParser: (tables: ReturnType<typeof manifestToTables>) => Parse
}

const place = new URL('./full/parse.ts', import.meta.resolve('@dispatch/cli'))

/** Throws the CLI's usage error on an argv that it would refuse. */
export const makeParser = async (): Promise<Parse> => {
  const { makeFullParser } = (await import(place.href)) as ParserModule
  return makeFullParser(manifestToTables(describeRouter(appRouter), '0.0.0'))
}
