import { describe, expect, it } from 'vitest'
import { currentDirectory, homeFaultToError, isRemoved, makeFolders } from '../src/home-faults.ts'

const fault = (code: string) => Object.assign(new Error(code), { code })

/** A disk on which these folders are, and those below them cannot be made. */
const disk = (there: string[], dead: string[] = []) => {
  const folders = new Set(there)
  const mkdir = (path: string): void => {
    if (folders.has(path)) throw fault('EEXIST')
    const above = path.slice(0, path.lastIndexOf('/'))
    if (!folders.has(above) || dead.includes(above)) throw fault('ENOENT')
    folders.add(path)
  }
  return { folders, mkdir }
}

describe('making folders', () => {
  it('makes those that are missing above, and takes one that is there', () => {
    const { folders, mkdir } = disk(['/a'])
    makeFolders('/a/b/c', mkdir)
    makeFolders('/a/b/c', mkdir)
    expect([...folders]).toEqual(['/a', '/a/b', '/a/b/c'])
  })

  it('ends where none can be made', () => {
    const { mkdir } = disk(['/proc'], ['/proc'])
    expect(() => makeFolders('/proc/a/b', mkdir)).toThrow('ENOENT')
    expect(() => makeFolders('/nowhere', disk([]).mkdir)).toThrow('ENOENT')
  })
})

describe('a home that cannot be used', () => {
  it.each(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ENOENT', 'ENOSPC'])(
    '%s: validation, with path, cause and way out',
    (code) => {
      expect(homeFaultToError('/h', fault(code))).toMatchObject({
        code: 'validation',
        message: expect.stringMatching(`^/h cannot be the home: .*\\(${code}\\)\\.$`),
        hint: expect.stringContaining('DISPATCH_HOME'),
        details: { path: '/h', cause: code },
      })
    },
  )

  it('leaves anything else as it is', () => {
    const error = fault('EWEIRD')
    expect(homeFaultToError('/h', error)).toBe(error)
  })
})

describe('the directory of a caller', () => {
  const gone = () => {
    throw fault('ENOENT')
  }

  it('is where it is, or a path that is surely not there', () => {
    expect(currentDirectory(() => '/here', { PWD: '/other' })).toBe('/here')
    expect(currentDirectory(gone, { PWD: '/was' })).toBe('/was (deleted)')
    expect(currentDirectory(gone, {})).toBe('/ (deleted)')
    expect(isRemoved('/was (deleted)')).toBe(true)
    expect(isRemoved('/was')).toBe(false)
  })
})
