import { expect, it, vi } from 'vitest'
import { makeSignal } from './signal.ts'

const silent = { error() {} }

it('calls each listener until it is disposed', () => {
  const signal = makeSignal(silent)
  const first = vi.fn<() => void>()
  const second = vi.fn<() => void>()
  const listening = signal.listen(first)
  using _second = signal.listen(second)
  signal.notify()
  listening[Symbol.dispose]()
  signal.notify()
  expect(first).toHaveBeenCalledTimes(1)
  expect(second).toHaveBeenCalledTimes(2)
})

it('calls the others when one throws, and says so', () => {
  const errors: string[] = []
  const signal = makeSignal({ error: (message) => void errors.push(message) })
  const after = vi.fn<() => void>()
  using _broken = signal.listen(() => {
    throw new Error('broken')
  })
  using _after = signal.listen(after)
  signal.notify()
  expect(after).toHaveBeenCalledTimes(1)
  expect(errors).toEqual(['signal.listener-threw'])
})

it('resolves at the next notify, or when aborted', async () => {
  const signal = makeSignal(silent)
  const controller = new AbortController()
  const notified = signal.next(controller.signal)
  signal.notify()
  await notified
  const aborted = signal.next(controller.signal)
  controller.abort()
  await aborted
  await expect(signal.next(controller.signal)).resolves.toBeUndefined()
})
