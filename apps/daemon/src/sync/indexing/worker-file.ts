// Where the program of the thread that indexes is. The published package has it elsewhere.

/** Its address. */
export const workerFile = new URL('worker.ts', import.meta.url)
