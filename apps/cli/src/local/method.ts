// The method of a port at the path of an op.

/** A method of the port, without its types. */
export type Method = (input: unknown, call: unknown) => unknown

/** The method of that path. */
export const methodAt = (services: object, path: string): Method =>
  path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], services) as Method
