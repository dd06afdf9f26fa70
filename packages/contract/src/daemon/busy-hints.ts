// What helps where turns run that the end of the App Server would cut: each command that ends it has a
// way out of its own. Said by the daemon, and by the client, whose daemon may be older. Free of zod.

/** The hint by the command that is refused. */
export const busyHints = {
  down: 'dispatch down --drain waits for them, dispatch down --force cuts them',
  restart: 'dispatch restart --codex --drain waits for them, dispatch stop LANE stops one',
} as const
