// The pages of docs/reference, from the contract and from nothing else.
import { appRouter, configFileSchema, describeRouter } from '@dispatch/contract'
import { cliPage } from './cli-page.ts'
import { configPage } from './config-page.ts'
import { errorsPage } from './errors-page.ts'
import { eventsPage } from './events-page.ts'
import { laneToolsPage } from './lane-tools-page.ts'
import { mcpPage } from './mcp-page.ts'

/** The folder of the pages; its URL ends in a slash. */
export const referenceFolder = new URL('../../../docs/reference/', import.meta.url)

/** Each page by its file name. */
export const referencePages = (): Record<string, string> => ({
  'cli.md': cliPage(describeRouter(appRouter)),
  'config.md': configPage(),
  'config.schema.json': `${JSON.stringify(configFileSchema(), null, 2)}\n`,
  'errors.md': errorsPage(),
  'events.md': eventsPage(),
  'mcp.md': mcpPage(describeRouter(appRouter)),
  'lane-tools.md': laneToolsPage(describeRouter(appRouter)),
})
