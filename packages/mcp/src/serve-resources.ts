// What the server says to requests for resources.
import type { Manifest } from '@dispatch/contract/manifest'
import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { Changes } from './changes.ts'
import { asProtocolError, noResource } from './protocol-error.ts'
import { MIME_TYPE } from './resource.ts'
import { makeResources } from './resources.ts'
import { callingOf, type Serving } from './serving.ts'

/** What they are made from. */
type Parts = { manifest: Manifest; changes: Changes }

/** Answers them. */
export const serveResources = (
  server: Server,
  serving: Serving,
  { manifest, changes }: Parts,
): void => {
  const resources = makeResources(manifest, serving.calls)

  server.setRequestHandler(ListResourcesRequestSchema, async ({ params }, extra) => {
    const calling = callingOf(serving, extra)
    const list = () => asProtocolError(resources.list(params?.cursor, calling))
    // Starts a daemon where none runs. What is made until that is followed is in the second list.
    if (!changes.isListWatched()) await list()
    await asProtocolError(changes.watchList(extra.signal))
    return await list()
  })

  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: resources.templates,
  }))

  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const text = await asProtocolError(resources.read(uri, callingOf(serving, extra)))
    if (text === null) throw noResource(uri)
    return { contents: [{ uri, mimeType: MIME_TYPE, text }] }
  })

  server.setRequestHandler(SubscribeRequestSchema, async ({ params: { uri } }, extra) => {
    const watched = await asProtocolError(resources.toWatched(uri, callingOf(serving, extra)))
    if (watched === null) throw noResource(uri)
    await asProtocolError(changes.watch(watched, extra.signal))
    return {}
  })

  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    changes.unwatch(uri)
    return {}
  })
}
