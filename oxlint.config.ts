// What the linter holds. The fences that stand in tables of their own are in tooling/fences; its test
// seeds one violation for each. Tests and scripts are trusted with the platform, never with cycles.
import { defineConfig } from 'oxlint'
import { modulesExcept } from './tooling/fences/src/modules.ts'

const processMessage = 'Only main.ts reads the process: take what you need as an argument.'
const mayReadProcess = { 'no-restricted-globals': 'off' } as const

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node', 'vitest'],
  jsPlugins: ['./tooling/fences/src/plugin.ts'],
  options: { typeAware: true, denyWarnings: true, respectEslintDisableDirectives: false },
  ignorePatterns: ['**/generated/**', '**/build/**', '**/dist/**'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    // Fences
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'max-lines': ['error', { max: 400 }],
    'no-restricted-globals': [
      'error',
      { globals: [{ name: 'process', message: processMessage }], checkGlobalObject: true },
    ],
    'no-restricted-properties': [
      'error',
      { property: '_def', message: "Only walk.ts reads tRPC's structure." },
    ],
    ...modulesExcept(),
    'fences/clock': 'error',
    'fences/rooms': 'error',
    'fences/vocabularies': 'error',

    // Style
    'import/no-default-export': 'error',
    'max-params': ['error', { max: 3 }],
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'vitest/no-disabled-tests': 'error',
    'vitest/no-focused-tests': 'error',
    'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'fc.assert'] }],

    // A step of a serial worker is awaited before the next begins.
    'no-await-in-loop': 'off',
    // Objects here are made by factories and have no `this`.
    'typescript/unbound-method': 'off',
    // What comes over a wire is typed by assertion, then checked where it is acted on.
    'typescript/no-unsafe-type-assertion': 'off',
    // A zod schema and its type share a name, and so do a value and the field that it becomes.
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    // A closure changes what the loop looks at.
    'no-unmodified-loop-condition': 'off',
    'import/no-named-as-default-member': 'off',
    'import/no-unassigned-import': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-sort': 'off',
    // A copy is iterated where the loop changes what it iterates.
    'unicorn/no-useless-spread': 'off',
    'unicorn/require-module-specifiers': 'off',
    'oxc/no-map-spread': 'off',
    // The compiler sees these.
    'typescript/consistent-return': 'off',
    'promise/always-return': 'off',
    // An assertion kept in a constant is awaited later: no-floating-promises sees the ones that are not.
    'vitest/valid-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/require-to-throw-message': 'off',
  },
  overrides: [
    { files: ['**/clock.ts'], rules: { 'fences/clock': 'off' } },
    {
      files: ['packages/contract/src/walk.ts'],
      rules: { 'no-restricted-properties': 'off' },
    },
    { files: ['**/spawn.ts'], rules: modulesExcept('child') },
    { files: ['packages/store/**', 'apps/daemon/src/lock/**'], rules: modulesExcept('sql') },
    {
      files: ['**/main.ts', 'packages/client/src/environment.ts', 'apps/*/bin/*.mjs'],
      rules: { ...mayReadProcess, ...modulesExcept('process') },
    },
    {
      files: ['scripts/**', '**/*.test.ts', '**/test/**', 'tooling/{bench,e2e,faults}/**'],
      rules: {
        ...mayReadProcess,
        ...modulesExcept('process', 'child', 'sql'),
        'fences/clock': 'off',
      },
    },
    { files: ['**/*.test.ts', '**/test/**'], rules: { 'max-lines': 'off', 'max-params': 'off' } },
    {
      files: ['*.config.ts', 'tooling/fences/src/plugin.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
})
