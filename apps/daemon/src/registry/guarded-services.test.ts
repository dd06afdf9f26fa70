import type { DaemonServices } from '@dispatch/contract'
import { DiskFullError } from '@dispatch/store'
import { describe, expect, it } from 'vitest'
import { call } from '../../test/bench.ts'
import { guardServices } from './guarded-services.ts'

const full = new DiskFullError('the disk is full', '/h/registry.db')
const told = { name: 'DispatchError', code: 'internal', message: 'the disk is full.' }

const guarded = (services: object) => guardServices(services as DaemonServices)

describe('guarded services', () => {
  it('turn what the store throws into errors of the contract, at any depth', async () => {
    const services = guarded({
      list: () => {
        throw full
      },
      send: () => Promise.reject(full),
      daemon: { status: () => Promise.reject(full) },
      tailFollow: async function* () {
        yield { cursor: null, data: 1 }
        throw full
      },
      watchFollow: () => {
        throw full
      },
    })
    expect(() => services.list({}, call())).toThrow(expect.objectContaining(told))
    expect(() => services.watchFollow({}, call())).toThrow(expect.objectContaining(told))
    await expect(services.send({} as never, call())).rejects.toMatchObject(told)
    await expect(services.daemon.status({}, call())).rejects.toMatchObject(told)
    const seen: unknown[] = []
    const stream = async () => {
      for await (const event of services.tailFollow({} as never, call())) seen.push(event.data)
    }
    await expect(stream()).rejects.toMatchObject(told)
    expect(seen).toEqual([1])
  })

  it('pass on answers, input and call as they are', async () => {
    const given = call()
    const services = guarded({
      list: (input: unknown, made: unknown) => [input, made],
      get: (input: unknown) => Promise.resolve(input),
    })
    expect(services.list({ limit: 1 }, given)).toEqual([{ limit: 1 }, given])
    expect(await services.get({ lane: 'x' }, given)).toEqual({ lane: 'x' })
  })

  it('end a stream with its consumer', async () => {
    let ended = false
    const services = guarded({
      watchFollow: async function* () {
        try {
          for (;;) yield { cursor: null, data: 1 }
        } finally {
          ended = true
        }
      },
    })
    for await (const _event of services.watchFollow({}, call())) break
    expect(ended).toBe(true)
  })
})
