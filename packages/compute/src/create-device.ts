import { invalidArgument, PosttrainError, requireInteger, unsupported } from '@posttrain/core'
import type { Device } from './device.js'
import { openGpuJs } from './gpujs/open-gpujs.js'
import { createReferenceDevice } from './reference/reference-device.js'
import { createWasmDevice, type WasmDeviceOptions } from './wasm/wasm-device.js'
import { openWebGpu } from './webgpu/open-webgpu.js'

/** Names of devices, and `auto` for the first of them that is there. */
export type DeviceChoice = 'auto' | 'wasm' | 'webgpu' | 'gpujs' | 'reference'

/** Every choice, for whoever offers them. */
export const deviceChoices: readonly DeviceChoice[] = ['auto', 'wasm', 'webgpu', 'gpujs', 'reference']

/** A device, and why it is this one. */
export interface ChosenDevice {
  readonly device: Device
  /** One sentence: which device was picked and why, with what was tried in vain. */
  readonly reason: string
}

type Opening = readonly [name: Exclude<DeviceChoice, 'auto'>, open: () => Promise<Device>, because: string]

const SIMD = 'this engine has WebAssembly with SIMD'

/** In the order in which `auto` tries them: models that fit into a browser are fastest on wasm nearly everywhere. */
const openings = (options: WasmDeviceOptions): readonly Opening[] => [
  ['wasm', () => createWasmDevice(options), SIMD],
  ['webgpu', openWebGpu, 'there is a WebGPU adapter'],
  ['gpujs', openGpuJs, 'gpu.js is installed'],
  ['reference', async () => createReferenceDevice(), 'it is always there, right but slow'],
]

async function firstThatOpens(options: WasmDeviceOptions): Promise<ChosenDevice> {
  const [wasm, ...others] = openings(options)
  const single: Opening = ['wasm', () => createWasmDevice({ ...options, threads: 1 }), `${SIMD}, on one thread`]
  const inVain: string[] = []
  for (const [name, open, because] of [wasm!, ...((options.threads ?? 1) === 1 ? [] : [single]), ...others]) {
    try {
      return { device: await open(), reason: [`${name} was picked: ${because}`, ...inVain].join('; not ') }
    } catch (error) {
      if (error instanceof PosttrainError && error.code === 'invalid-argument') throw error
      inVain.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw unsupported(`no device opens; not ${inVain.join('; not ')}`)
}

/**
 * Makes a device. `auto` takes `wasm` where WebAssembly has SIMD, with one thread if there cannot be more, else `webgpu` where
 * there is an adapter, else `gpujs` where gpu.js loads, else `reference`, which is right but slow. A device that is missing
 * is no error then, but part of the `reason`.
 *
 * @param choice of a device by name, which must be there, or `auto`
 * @param options of a wasm device; the others take none
 * @throws PosttrainError `unsupported` if a device asked for by name is not there or has no such threads;
 * `invalid-argument` for another name or number
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
  requireInteger('createDevice: threads', options.threads ?? 1, { min: 1 })
  if (choice === 'auto') return firstThatOpens(options)
  const all = openings(options)
  const opening = all.find(([name]) => name === choice)
  if (opening === undefined) {
    const names = all.map(([name]) => name).join(', ')
    throw invalidArgument(`there is no device ${JSON.stringify(choice)}`, `choose auto, ${names}`)
  }
  return { device: await opening[1](), reason: `${choice} was asked for` }
}
