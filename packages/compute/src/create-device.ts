import { invalidArgument } from '@posttrain/core'
import type { Device } from './device.js'
import { createReferenceDevice } from './reference/reference-device.js'
import { createWasmDevice, isWasmSupported } from './wasm/wasm-device.js'

/** Devices that have every kernel, and `auto` for the best of them. */
export type DeviceChoice = 'auto' | 'wasm' | 'reference'

/** A device, and why it is this one. */
export interface ChosenDevice {
  readonly device: Device
  /** One sentence for whoever asked for `auto`. */
  readonly reason: string
}

/**
 * Makes a device. `auto` takes `wasm` where WebAssembly has SIMD, and otherwise falls back to `reference`, which is right
 * but slow; `reason` says which and why.
 *
 * @throws PosttrainError `unsupported` if a device asked for by name is not there; `invalid-argument` for another name
 * @example
 * ```ts
 * const { device } = await createDevice('auto')
 * device.name // => 'wasm'
 * ```
 */
export async function createDevice(choice: DeviceChoice = 'auto'): Promise<ChosenDevice> {
  switch (choice) {
    case 'wasm':
      return { device: await createWasmDevice(), reason: 'wasm was asked for' }
    case 'reference':
      return { device: createReferenceDevice(), reason: 'reference was asked for' }
    case 'auto':
      if (isWasmSupported())
        return { device: await createWasmDevice(), reason: 'this engine has WebAssembly with SIMD' }
      return {
        device: createReferenceDevice(),
        reason: 'this engine has no WebAssembly with SIMD; the reference device is slow',
      }
    default:
      throw invalidArgument(`there is no device ${JSON.stringify(choice)}`, 'choose auto, wasm or reference')
  }
}
