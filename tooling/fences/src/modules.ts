// The platform modules that have one home each: which files may import them. oxlint replaces a rule's
// options in an override instead of adding to them, so each class of files gets its whole list here.

type Restriction = {
  key: 'process' | 'child' | 'sql'
  modules: readonly string[]
  message: string
  /** Whether a type-only import is fine everywhere. */
  types: boolean
}

const restrictedModules: readonly Restriction[] = [
  {
    key: 'process',
    modules: ['process', 'node:process'],
    message: 'Only main.ts reads the process: take what you need as an argument.',
    types: false,
  },
  {
    key: 'child',
    modules: ['child_process', 'node:child_process'],
    message: 'Only spawn.ts starts processes.',
    types: true,
  },
  {
    key: 'sql',
    modules: ['better-sqlite3', 'kysely', 'kysely/migration', 'node:sqlite'],
    message: 'SQL lives in packages/store.',
    types: false,
  },
]

type Key = Restriction['key']
type Options = ['error', ...unknown[]]

/** The import rules of files that may import the modules of the given keys. */
export const modulesExcept = (...allowed: Key[]): Record<string, Options> => ({
  'no-restricted-imports': [
    'error',
    {
      paths: restrictedModules
        .filter(({ key }) => !allowed.includes(key))
        .flatMap(({ modules, message, types }) =>
          modules.map((name) => ({ name, message, allowTypeImports: types })),
        ),
    },
  ],
})
