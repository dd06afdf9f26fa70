// Opens the registry of a home.
import { openStore, type Store } from '@dispatch/store'
import { registryFailureToError } from './registry-failure.ts'

/** Opens or makes it; the store's refusals become errors of the contract. */
export const openRegistry = (file: string): Store => {
  try {
    return openStore({ file })
  } catch (error) {
    throw registryFailureToError(error)
  }
}
