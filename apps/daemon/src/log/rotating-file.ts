// A log file that is rotated by size: dispatchd.log, dispatchd.log.1 (the newest of the old ones) to
// dispatchd.log.4, each at most 10 MB. Written synchronously, so that nothing is lost in a crash.
import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

const MAX_BYTES = 10 * 1024 * 1024
const OLD_FILES = 4

/** A destination as pino takes it. */
export type RotatingFile = Disposable & { write(line: string): void }

const rotate = (path: string): void => {
  rmSync(`${path}.${OLD_FILES}`, { force: true })
  for (let number = OLD_FILES - 1; number >= 0; number -= 1) {
    const from = number === 0 ? path : `${path}.${number}`
    try {
      renameSync(from, `${path}.${number + 1}`)
    } catch {
      // There is no file of that number yet.
    }
  }
}

/** Opens the file for appending, mode 0600. */
export const openRotatingFile = (path: string, maxBytes = MAX_BYTES): RotatingFile => {
  const open = () => openSync(path, 'a', 0o600)
  let fd = open()
  let size = fstatSync(fd).size
  return {
    write: (line) => {
      const bytes = Buffer.byteLength(line)
      try {
        if (size > 0 && size + bytes > maxBytes) {
          // The old one stays open until there is a new one: a failed rotation must not leave us
          // with a number that soon names another file.
          rotate(path)
          const next = open()
          closeSync(fd)
          fd = next
          size = 0
        }
        size += writeSync(fd, line)
      } catch {
        // A full disk must not end the daemon; what it says of it is on its answers.
      }
    },
    [Symbol.dispose]() {
      closeSync(fd)
    },
  }
}
