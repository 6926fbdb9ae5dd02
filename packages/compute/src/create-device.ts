import { PosttrainError, requireInteger, requireOneOf, unsupported } from '@posttrain/core'
import type { Device, DeviceName } from './device.js'
import { openGpuJs } from './gpujs/open-gpujs.js'
import { createReferenceDevice } from './reference/reference-device.js'
import { createWasmDevice, type WasmDeviceOptions } from './wasm/wasm-device.js'
import { openWebGpu } from './webgpu/open-webgpu.js'

/** The name of a device, or `auto` for the best that this engine has. */
export type DeviceChoice = 'auto' | DeviceName

/** Every choice, for a command line or a form that offers them. */
export const deviceChoices: readonly DeviceChoice[] = ['auto', 'wasm', 'webgpu', 'gpujs', 'reference']

/** A device, and why it is this one. */
export interface ChosenDevice {
  readonly device: Device
  /** One sentence: which device was picked and why, and which could not be opened and why. */
  readonly reason: string
}

type Opening = readonly [name: DeviceName, open: () => Promise<Device>, because: string]

const SIMD = 'this engine has WebAssembly with SIMD'

/** In the order in which `auto` tries them: models that fit into a browser are fastest on wasm nearly everywhere. */
const openings = (options: WasmDeviceOptions): readonly Opening[] => [
  ['wasm', () => createWasmDevice(options), SIMD],
  ...((options.threads ?? 1) > 1
    ? [['wasm', () => createWasmDevice({ ...options, threads: 1 }), `${SIMD}, on one thread`] as const]
    : []),
  ['webgpu', openWebGpu, 'there is a WebGPU adapter'],
  ['gpujs', openGpuJs, 'gpu.js is installed'],
  ['reference', async () => createReferenceDevice(), 'it is always there, right but slow'],
]

async function firstThatOpens(options: WasmDeviceOptions): Promise<ChosenDevice> {
  const failures: string[] = []
  for (const [name, open, because] of openings(options)) {
    try {
      return { device: await open(), reason: [`${name} was picked: ${because}`, ...failures].join('; not ') }
    } catch (error) {
      if (error instanceof PosttrainError && error.code === 'invalid-argument') throw error
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw unsupported(`no device can be opened; not ${failures.join('; not ')}`)
}

/**
 * Opens a device.
 *
 * `auto` takes `wasm` if WebAssembly has SIMD, with one thread if it cannot have more; else `webgpu` if there is an
 * adapter; else `gpujs` if gpu.js loads; else `reference`, which is right but slow. A device that `auto` cannot open is
 * not an error, but part of the `reason`.
 *
 * @param choice the name of a device, or `auto`
 * @param options for `wasm`; the other devices have none
 * @returns the device, and why it is this one
 * @throws PosttrainError `unsupported` if the device named cannot be opened, or not with so many threads;
 *   `invalid-argument` for another name or number of threads
 * @example
 * ```ts
 * const { device, reason } = await createDevice('auto')
 * device.name // => 'wasm'
 * reason // => 'wasm was picked: this engine has WebAssembly with SIMD'
 * ```
 */
export async function createDevice(
  choice: DeviceChoice = 'auto',
  options: WasmDeviceOptions = {},
): Promise<ChosenDevice> {
  requireOneOf('createDevice: choice', choice, deviceChoices)
  requireInteger('createDevice: threads', options.threads ?? 1, { min: 1 })
  if (choice === 'auto') return firstThatOpens(options)
  const [, open] = openings(options).find(([name]) => name === choice)!
  return { device: await open(), reason: `${choice} was asked for` }
}
