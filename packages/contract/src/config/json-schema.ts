// The configuration file as a JSON Schema, for editors and for what names its keys.
import { z } from 'zod'
import type { JsonSchema } from '../manifest.ts'
import type { FieldMeta } from '../meta.ts'
import { ConfigFile } from './file.ts'

// What our fields say to the command line says nothing of a file.
const commandWords: Required<Record<keyof FieldMeta, true>> = {
  positional: true,
  flag: true,
  alias: true,
  fileFlag: true,
  path: true,
  pairs: true,
  json: true,
  negatable: true,
  switches: true,
  onTerminal: true,
  selector: true,
  needs: true,
}

/** The JSON Schema of a global configuration file; a repository's has `defaults` and `presets` of it. */
export const configFileSchema = (): JsonSchema =>
  z.toJSONSchema(ConfigFile, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      for (const word of Object.keys(commandWords)) delete (jsonSchema as JsonSchema)[word]
    },
  })
