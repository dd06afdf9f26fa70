// What the published client says of itself in its hello. A release has the version of its package and
// the hash of its contract in the place of this module: the first keeps programs and a daemon of
// another version apart, the second takes a walk of the contract to find out, with all of zod.
import manifest from '../package.json' with { type: 'json' }

/** The version of dispatch. */
export const version: string = manifest.version

/** The hash of the contract, for diagnosis. */
export const contract: string = ''
