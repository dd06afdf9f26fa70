// How the command line spells a name of the contract. Free of zod and tRPC.

/** A camelCase name in kebab-case. */
export const kebabCase = (name: string): string =>
  name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
