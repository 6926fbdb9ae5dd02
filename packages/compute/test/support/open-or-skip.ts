import type { Device } from '@posttrain/compute'
import { PosttrainError } from '@posttrain/core'
import { devices } from './devices.js'

/** Opens a device by name; where it is not there, skips the test and says what is missing. */
export async function openOrSkip(name: string, test: { readonly skip: (note?: string) => never }): Promise<Device> {
  try {
    return await devices[name]!()
  } catch (error) {
    if (error instanceof PosttrainError && error.code === 'unsupported') return test.skip(`skipped: ${error.message}`)
    throw error
  }
}
