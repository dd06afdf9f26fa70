// The shortest time of a trigger. A step of `../migrations.ts`; one that has shipped is never changed.
import type { Migration } from '../migrate.ts'

// What fires more often than once a second leaves its lane no pause.
export const triggerSeconds: Migration = `
update triggers set spec = json_set(spec, '$.everyMs', 1000)
  where json_extract(spec, '$.everyMs') < 1000;
`
