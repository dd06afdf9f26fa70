// What a trigger was added with. A step of `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

// The same call again is the same trigger; another one under its id is refused.
export const triggerInput: Migration = `alter table triggers add column inputHash text;`
