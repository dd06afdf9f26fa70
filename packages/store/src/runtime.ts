// Small facts about the running system, by key: the record of the app-server, its CODEX_HOME.
import type { Connection } from './database/connection.ts'

/** Key and JSON value. The caller knows the shape of its own keys; null is "not there". */
export type Runtime = {
  get(key: string): unknown
  set(key: string, value: unknown): void
  delete(key: string): void
}

/** The facts on a connection. */
export const makeRuntime = ({ sql, statement }: Connection): Runtime => {
  const read = statement<{ key: string }>()((slot) =>
    sql.selectFrom('runtime').select('value').where('key', '=', slot('key')),
  )
  const write = statement<{ key: string; value: string }>()((slot) =>
    sql
      .insertInto('runtime')
      .values({ key: slot('key'), value: slot('value') })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: slot('value') })),
  )
  const remove = statement<{ key: string }>()((slot) =>
    sql.deleteFrom('runtime').where('key', '=', slot('key')),
  )
  return {
    get: (key) => {
      const row = read.get({ key })
      return row === undefined ? null : (JSON.parse(row.value) as unknown)
    },
    set: (key, value) => void write.run({ key, value: JSON.stringify(value) }),
    delete: (key) => void remove.run({ key }),
  }
}
