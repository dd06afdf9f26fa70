// Codex's permission profiles in our words, and the part of one that a person grants.
import type { protocol } from '@dispatch/codex-client'
import type { RequestAsk } from '@dispatch/contract'
import { z } from 'zod'
import type { Grant } from './asked.ts'

type Permissions = NonNullable<RequestAsk['permissions']>

const Entry = z.looseObject({ path: z.unknown().optional(), access: z.string() })
const paths = z.array(z.string()).nullish().catch(null)

const Profile = z.looseObject({
  network: z.looseObject({ enabled: z.boolean().nullish() }).nullish().catch(null),
  fileSystem: z
    .looseObject({
      read: paths,
      write: paths,
      entries: z.array(Entry).nullish().catch(null),
      globScanMaxDepth: z.number().optional().catch(undefined),
    })
    .nullish()
    .catch(null),
})

/** How a place is called: its path, its pattern, or what Codex calls it. */
const placeToText = (raw: unknown): string => {
  if (typeof raw === 'string') return raw
  const { path, pattern, value } = (raw ?? {}) as Record<string, unknown>
  if (typeof path === 'string') return path
  if (typeof pattern === 'string') return pattern
  return JSON.stringify(value ?? raw)
}

/** What a profile asks for. */
export const profileToPermissions = (raw: unknown): Permissions => {
  const parsed = Profile.safeParse(raw)
  const { network, fileSystem } = parsed.success ? parsed.data : {}
  const entries = fileSystem?.entries ?? []
  const files = entries.map(({ access, path }) => ({ access, path: placeToText(path) }))
  const plain = (access: 'read' | 'write') =>
    (fileSystem?.[access] ?? [])
      .filter((path) => !files.some((one) => one.path === path && one.access === access))
      .map((path) => ({ access, path }))
  return {
    network: network?.enabled === true,
    files: [...files, ...plain('read'), ...plain('write')],
  }
}

/** Grants that much of a profile: never more than it asks for. */
export const grantToResponse = (
  raw: unknown,
  grant: Grant,
): protocol.PermissionsRequestApprovalResponse => {
  const parsed = Profile.safeParse(raw)
  const { network, fileSystem } = parsed.success ? parsed.data : {}
  const isGranted = (path: string): boolean => grant.files.includes(path)
  const asked = profileToPermissions(raw)
  const granted = asked.files.filter(({ path }) => isGranted(path))
  const { globScanMaxDepth } = fileSystem ?? {}
  return {
    permissions: {
      ...(network?.enabled === true && grant.network ? { network: { enabled: true } } : {}),
      ...(granted.length === 0
        ? {}
        : {
            fileSystem: {
              read: (fileSystem?.read ?? []).filter(isGranted),
              write: (fileSystem?.write ?? []).filter(isGranted),
              // As they came from Codex, so they are its own.
              entries: (fileSystem?.entries ?? []).filter(({ path }) =>
                isGranted(placeToText(path)),
              ) as protocol.FileSystemSandboxEntry[],
              ...(globScanMaxDepth === undefined ? {} : { globScanMaxDepth }),
            },
          }),
    },
    scope: grant.forSession ? 'session' : 'turn',
  }
}
