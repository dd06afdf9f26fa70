/** A refusal as the real server words it; anything else that is thrown is a fault of the fake. */
export class Refusal extends Error {
  readonly code: number
  readonly data: unknown
  constructor(message: string, code = -32600, data?: unknown) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.data = data
  }
}
