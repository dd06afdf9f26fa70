// Switches that say a value of another field: `--steer` beside `--mode steer`. The parsers, the help and
// the completion know each as a boolean like any other; what it says is put in its place here, once.
import { kebabCase } from '@dispatch/contract/kebab-case'
import { fieldLabel, usage } from '../input/refusal.ts'
import type { Field } from './command.ts'
import type { Invocation, Values } from './invocation.ts'

/** The field, and a field for each of its switches. */
export const withSwitches = (field: Field): Field[] => {
  const { key, name, form, onlyWith, notWith } = field
  const place = {
    ...(form === undefined ? {} : { form }),
    ...(onlyWith === undefined ? {} : { onlyWith }),
    ...(notWith === undefined ? {} : { notWith }),
  }
  const switches = (field.switches ?? []).map((value): Field => {
    const description = `Short for --${name} ${value}`
    return { key, name: kebabCase(value), kind: 'boolean', description, says: value, ...place }
  })
  return [field, ...switches]
}

const said = ({ command, values }: Invocation, owner: Field): { label: string; value: string }[] =>
  command.fields.flatMap((field) => {
    const given = values[field.name]
    if (field.key !== owner.key || given === undefined || given === false) return []
    return field.says === undefined
      ? [{ label: `${fieldLabel(field)} ${String(given)}`, value: String(given) }]
      : [{ label: fieldLabel(field), value: field.says }]
  })

/** The invocation with the switches turned into values; throws `usage` where two say different ones. */
export const takeValueSwitches = (invocation: Invocation): Invocation => {
  const { command } = invocation
  const owners = command.fields.filter(({ switches }) => switches !== undefined)
  if (owners.length === 0) return invocation
  const switches = new Set(command.fields.flatMap(({ says, name }) => (says ? [name] : [])))
  const values: Values = Object.fromEntries(
    Object.entries(invocation.values).filter(([name]) => !switches.has(name)),
  )
  for (const owner of owners) {
    const [first, ...others] = said(invocation, owner)
    const other = others.find(({ value }) => value !== first?.value)
    if (first && other) {
      throw usage(invocation, `Give ${first.label} or ${other.label}, not both.`)
    }
    if (first) values[owner.name] = first.value
  }
  return { ...invocation, values }
}
