// A message that was asked to be JSON, as JSON.

/** The value; null where the message is no JSON. */
export const messageToJson = (message: string): unknown => {
  try {
    return JSON.parse(message)
  } catch {
    return null
  }
}
