// Lists, reads and watches resources: those without a lane in their address, and those of every lane.
import type { ListResult } from '@dispatch/contract'
import { DispatchError } from '@dispatch/contract/errors'
import type { Manifest, ManifestOp } from '@dispatch/contract/manifest'
import type { Resource, ResourceTemplate } from '@modelcontextprotocol/sdk/types.js'
import type { Calling, Calls } from './calls.ts'
import type { Watched } from './changes.ts'
import { type Found, findResource, MIME_TYPE, resourcesOf, toUri } from './resource.ts'

/** The op that gives the lanes for the addresses, and the one that gives a lane by any of its names. */
export const LANES_OP = 'list'
export const LANE_OP = 'get'

/** The field of an address, and the argument of a prompt, that names a lane. */
export const LANE_FIELD = 'lane'

/** The resources of one server. */
export type Resources = {
  /** A page of them; `cursor` is an earlier page's. */
  list(
    cursor: string | undefined,
    calling: Calling,
  ): Promise<{ resources: Resource[]; nextCursor?: string }>
  templates: ResourceTemplate[]
  /** The text of the resource at an address; null where there is none. */
  read(uri: string, calling: Calling): Promise<string | null>
  /** What to watch for changes of it; null where there is none. */
  toWatched(uri: string, calling: Calling): Promise<Watched | null>
}

type Lane = ListResult['lanes'][number]

const opOf = (manifest: Manifest, path: string): ManifestOp => {
  const op = manifest.ops.find((one) => one.path === path)
  if (!op) throw new Error(`the contract has no ${path}`)
  return op
}

// Its name for programs: the last word of the address, which is the field's where it ends in one.
const nameOf = (template: string): string =>
  (template.split('/').at(-1) ?? '').replaceAll(/[{}]/g, '')

/** The resources of a manifest. */
export const makeResources = (manifest: Manifest, calls: Calls): Resources => {
  const kinds = resourcesOf(manifest)
  const single = kinds.filter(({ fields }) => fields.length === 0)
  const ofLanes = kinds.filter(({ fields }) => fields.join() === LANE_FIELD)
  const lanesOp = opOf(manifest, LANES_OP)
  const laneOp = opOf(manifest, LANE_OP)

  const resourcesOfLane = ({ id, handle, title, status }: Lane): Resource[] =>
    ofLanes.map((kind) => ({
      uri: toUri(kind, { [LANE_FIELD]: id }),
      name: `${handle} ${nameOf(kind.template)}`,
      title: `${handle}: ${kind.title}`,
      description: `${title} (${status}). ${kind.op.meta.description}`,
      mimeType: MIME_TYPE,
    }))

  const list: Resources['list'] = async (cursor, calling) => {
    const input = cursor === undefined ? {} : { cursor }
    const { lanes, nextCursor } = (await calls.call(lanesOp, input, calling)) as ListResult
    const first = cursor === undefined ? single : []
    return {
      resources: [
        ...first.map(({ op, title, template }) => ({
          uri: template,
          name: nameOf(template),
          title,
          description: op.meta.description,
          mimeType: MIME_TYPE,
        })),
        ...lanes.flatMap(resourcesOfLane),
      ],
      ...(nextCursor ? { nextCursor } : {}),
    }
  }

  const laneIdOf = async ({ input }: Found, calling: Calling): Promise<string | null> => {
    const lane = input[LANE_FIELD]
    if (lane === undefined) return null
    const { id } = (await calls.call(laneOp, { lane }, calling)) as { id: string }
    return id
  }

  // A lane that is not there is a resource that is not there.
  const unlessAbsent = async <T>(asked: Promise<T>): Promise<T | null> => {
    try {
      return await asked
    } catch (error) {
      if (error instanceof DispatchError && error.code === 'not_found') return null
      throw error
    }
  }

  return {
    list,
    templates: kinds
      .filter(({ fields }) => fields.length > 0)
      .map(({ op, title, template }) => ({
        uriTemplate: template,
        name: nameOf(template),
        title,
        description: op.meta.description,
        mimeType: MIME_TYPE,
      })),
    read: async (uri, calling) => {
      const found = findResource(kinds, uri)
      if (!found) return null
      const answer = await unlessAbsent(calls.call(found.kind.op, found.input, calling))
      return answer === null ? null : JSON.stringify(answer)
    },
    toWatched: async (uri, calling) => {
      const found = findResource(kinds, uri)
      if (!found) return null
      const laneId = await unlessAbsent(laneIdOf(found, calling))
      const isThere = laneId !== null || found.input[LANE_FIELD] === undefined
      return isThere ? { uri, found, laneId } : null
    },
  }
}
