// Waiting that its caller may give up: what is waited for goes on by itself.

/** The promise, or the signal's reason as soon as it aborts. With and without a signal it takes the same steps, so that calls stay in their order. */
export const unlessGivenUp = <T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    const callOff = (): void => signal?.removeEventListener('abort', onAbort)
    promise.then(
      (value) => {
        callOff()
        resolve(value)
      },
      (error: unknown) => {
        callOff()
        reject(error)
      },
    )
    if (signal?.aborted) onAbort()
  })
