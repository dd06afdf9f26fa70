import { expect, it, vi } from 'vitest'
import { makeSignal } from './signal.ts'

it('calls each listener until it is disposed', () => {
  const signal = makeSignal()
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

it('resolves at the next notify, or when aborted', async () => {
  const signal = makeSignal()
  const controller = new AbortController()
  const notified = signal.next(controller.signal)
  signal.notify()
  await notified
  const aborted = signal.next(controller.signal)
  controller.abort()
  await aborted
  await expect(signal.next(controller.signal)).resolves.toBeUndefined()
})
