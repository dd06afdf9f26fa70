import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describeRouter, appRouter } from '@dispatch/contract'
import { expect, test } from 'vitest'
import type { MisnamedOps } from '../src/api.ts'

test('the client loads neither zod nor tRPC', async () => {
  const entry = join(import.meta.dirname, '../src/index.ts')
  const program = `
    const { registerHooks } = await import('node:module')
    const urls = []
    registerHooks({ load: (url, context, next) => { urls.push(url); return next(url, context) } })
    await import(${JSON.stringify(entry)})
    console.log(JSON.stringify(urls))`
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    program,
  ])
  const urls: string[] = JSON.parse(stdout)
  expect(urls.some((url) => url.endsWith('client/src/index.ts'))).toBe(true)
  expect(urls.filter((url) => /node_modules/.test(url))).toEqual([])
})

test('subscriptions, and they alone, are named ...Follow: the typed face goes by the name', () => {
  const lawful: [MisnamedOps] extends [never] ? true : false = true
  expect(lawful).toBe(true)
  for (const { path, kind } of describeRouter(appRouter).ops) {
    expect([path, path.endsWith('Follow')]).toEqual([path, kind === 'subscription'])
  }
})
