// All of the two documents, in the order in which a reader meets it.
import type { Part } from './entry.ts'
import { install } from './install.ts'
import { lanes } from './lanes.ts'
import { readme } from './readme.ts'
import { rest } from './rest.ts'
import { sessions } from './sessions.ts'
import { threads } from './threads.ts'

export const documents: readonly Part[] = [
  ...readme,
  ...install,
  ...lanes,
  ...threads,
  ...sessions,
  ...rest,
]
