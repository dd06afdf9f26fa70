// Which fields a parser insists on; the rest depends on the form and is checked with the input.
import type { Command, Field } from './command.ts'

/** Whether the parser itself may insist on a field: it is required in every form and has no file. */
export const isDemanded = (command: Command, field: Field): boolean =>
  field.required === true &&
  field.file === undefined &&
  (command.follow === undefined || field.requiredToFollow === true) &&
  (command.variant === undefined || field.requiredInVariant === true)
