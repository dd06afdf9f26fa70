// The variables of a prefix. Pure.
import { DispatchError } from '@dispatch/contract'
import { nearestOf } from './nearest.ts'

/** What the variables stand for. */
export type PrefixVariables = {
  'DISPATCH.CWD.REPO': string
  'DISPATCH.CWD.BASENAME': string
  /** The last preset; null where there is none. */
  'DISPATCH.PRESET': string | null
}

/** The prefix that nobody set. */
export const builtInPrefix = '[${DISPATCH.CWD.REPO}]'

const unknown = (name: string, known: readonly string[]): DispatchError => {
  const nearest = nearestOf(name, known)
  return new DispatchError('validation', `The prefix has an unknown variable \${${name}}.`, {
    hint: nearest === null ? `There are ${known.join(', ')}.` : `Did you mean \${${nearest}}?`,
    details: { variable: name, variables: known, nearest },
  })
}

/** The prefix with its variables filled in, without blanks around it. */
export const expandPrefix = (prefix: string, variables: PrefixVariables): string =>
  prefix
    .replaceAll(/\$\{([^}]*)\}/g, (_whole, name: string) => {
      const known = Object.keys(variables)
      if (!known.includes(name)) throw unknown(name, known)
      const value = variables[name as keyof PrefixVariables]
      if (value !== null) return value
      throw new DispatchError('validation', `The prefix has \${${name}}, but there is no preset.`, {
        hint: 'Give --preset, or another --prefix.',
      })
    })
    .trim()
