import { expect, it } from 'vitest'
import { isSignOfLife } from './translate-sign.ts'

const isSign = (method: string, params: object = {}): boolean => isSignOfLife({ method, params })

it('takes what a turn does for a sign of life, and nothing else', () => {
  for (const method of [
    'turn/started',
    'item/agentMessage/delta',
    'item/commandExecution/outputDelta',
    'thread/status/changed',
    'thread/tokenUsage/updated',
    'serverRequest/resolved',
    'something/brandNew',
  ]) {
    expect([method, isSign(method)]).toEqual([method, true])
  }
  for (const method of [
    'thread/goal/cleared',
    'thread/name/updated',
    'thread/settings/updated',
    'warning',
  ]) {
    expect([method, isSign(method)]).toEqual([method, false])
  }
  expect(isSign('error', { willRetry: true })).toBe(false)
  expect(isSign('error', { willRetry: false })).toBe(true)
})
