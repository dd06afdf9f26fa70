// Small facts about the running system, by key: the record of the app-server, its CODEX_HOME.

/** Key and JSON value. The caller knows the shape of its own keys; null is "not there". */
export type Runtime = {
  get(key: string): unknown
  set(key: string, value: unknown): void
  delete(key: string): void
}
