// Takes a lock, says whether it did, and holds it until it is ended.
import { acquireLock } from '../../src/lock/lock.ts'

const lock = acquireLock(process.argv[2] ?? '')
process.stdout.write(lock ? 'held\n' : 'refused\n')
if (lock) process.stdin.resume()
