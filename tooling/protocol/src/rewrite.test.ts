import { describe, expect, it } from 'vitest'

import { withExtensions } from './rewrite.ts'

describe('withExtensions', () => {
  const isFolder = (specifier: string) => specifier === './v2'

  it.each([
    ['import type { A } from "./A";', 'import type { A } from "./A.ts";'],
    ['import type { A } from "../serde/A";', 'import type { A } from "../serde/A.ts";'],
    ['export type { A } from "./A";', 'export type { A } from "./A.ts";'],
    ['export * as v2 from "./v2";', 'export * as v2 from "./v2/index.ts";'],
    ['import type { A } from "package";', 'import type { A } from "package";'],
    ['export type A = "./A" | "from";', 'export type A = "./A" | "from";'],
  ])('makes of %s', (source, expected) => {
    expect(withExtensions(source, isFolder)).toBe(expected)
  })
})
