// Looks at a database file without SQLite: opening another program's WAL database would already
// recover or checkpoint it. Our application_id is in the file's own header from its first write on,
// because it is written before WAL mode is turned on.
import { closeSync, existsSync, fstatSync, openSync, readSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { CorruptDatabaseError, ForeignDatabaseError, NetworkFileSystemError } from './errors.ts'

/** `dspc` in ASCII, in the header of every registry. */
export const APPLICATION_ID = 0x64_73_70_63

const MAGIC = 'SQLite format 3\0'
const HEADER_BYTES = 108
const APPLICATION_ID_OFFSET = 68
/** Cells of the root page of the schema table: its entries, or its children once it has grown. */
const SCHEMA_CELLS_OFFSET = 103

// From statfs(2): NFS, SMB, CIFS, SMB2, AFS, Coda, 9p, Ceph.
const networkTypes = new Set([
  0x69_69, 0x51_7b, 0xff_53_4d_42, 0xfe_53_4d_42, 0x53_46_41_4f, 0x73_75_72_45, 0x01_02_19_97,
  0x00_c3_6c_00,
])

/** Refuses a folder whose file system is reached over a network. */
export const refuseNetworkFileSystem = (file: string): void => {
  if (networkTypes.has(statfsSync(dirname(file)).type)) {
    throw new NetworkFileSystemError(`${file} is on a network file system`, file)
  }
}

const readHeader = (file: string): { header: Buffer; size: number; mode: number } => {
  const fd = openSync(file, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(fd, header, 0, HEADER_BYTES, 0)
    const { size, mode } = fstatSync(fd)
    return { header, size, mode }
  } finally {
    closeSync(fd)
  }
}

/** Whether there is a registry or a file to make one of; throws on anything else. Reads 108 bytes. */
export const inspectFile = (file: string): { fresh: boolean; mode: number } => {
  if (!existsSync(file)) return { fresh: true, mode: 0 }
  const { header, size, mode } = readHeader(file)
  if (size === 0) return { fresh: true, mode }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new CorruptDatabaseError(`${file} is damaged or no database`, file)
  }
  const applicationId = header.readUInt32BE(APPLICATION_ID_OFFSET)
  if (applicationId === APPLICATION_ID) return { fresh: false, mode }
  const isEmpty = header.readUInt16BE(SCHEMA_CELLS_OFFSET) === 0 && !existsSync(`${file}-wal`)
  if (applicationId === 0 && isEmpty) return { fresh: true, mode }
  throw new ForeignDatabaseError(file, applicationId)
}
