import { expect, it } from 'vitest'
import { faultToCode, fileFaultToWords, isFileFault } from '../src/file-faults.ts'

const fault = (code: string, syscall = 'open') =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall })

it('why a file cannot be read is told in words, or as the system says it', () => {
  expect(fileFaultToWords(fault('ENOENT'))).toBe('there is no such file')
  expect(fileFaultToWords(fault('ENOTDIR'))).toBe('a part of its path is no directory')
  expect(fileFaultToWords(fault('EWHATEVER'))).toBe('open EWHATEVER')
  expect(fileFaultToWords('odd')).toBe('odd')
  expect(faultToCode(null)).toBe('')
})

it('a program that cannot be started and a socket are no file', () => {
  expect(isFileFault(fault('EACCES', 'lstat'))).toBe(true)
  for (const syscall of ['spawn', 'spawn /usr/bin/codex', 'connect', 'listen']) {
    expect(isFileFault(fault('EACCES', syscall))).toBe(false)
  }
  expect(isFileFault(new Error('odd'))).toBe(false)
  expect(isFileFault(null)).toBe(false)
})
