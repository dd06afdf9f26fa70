/** What the program was called for, of what `codex` can be called for. */
export type Invocation =
  | { kind: 'version' }
  | { kind: 'stdio' }
  | { kind: 'socket'; path: string }
  | { kind: 'unknown' }

/** `listen` absent or `stdio://`: stdio. Other options of the real program are passed over. */
export function argumentsToInvocation(args: string[]): Invocation {
  if (args.includes('--version') || args.includes('-V')) return { kind: 'version' }
  if (!args.includes('app-server')) return { kind: 'unknown' }
  const inline = args.find((arg) => arg.startsWith('--listen='))?.slice('--listen='.length)
  const at = args.indexOf('--listen')
  const listen = inline ?? (at === -1 ? undefined : args[at + 1])
  if (listen === undefined || listen === 'stdio://') return { kind: 'stdio' }
  const [, path] = /^unix:\/\/(.+)$/.exec(listen) ?? []
  return path === undefined ? { kind: 'unknown' } : { kind: 'socket', path }
}
