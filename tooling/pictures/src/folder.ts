// Where the pictures are.

/** docs/pictures; its URL ends in a slash. */
export const pictureFolder = new URL('../../../docs/pictures/', import.meta.url)
