// The version of dispatch: the one of the package that this file is part of.
import manifest from '../package.json' with { type: 'json' }

/** As in package.json. */
export const version: string = manifest.version
