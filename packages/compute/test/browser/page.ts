import {
  createDevice,
  createReferenceDevice,
  createWasmDevice,
  type Device,
  type DeviceChoice,
  openGpuJs,
} from '@posttrain/compute'
import { type Conformance, conform } from '../support/conform.js'
import { conformMatmul } from '../support/conform-matmul.js'
import { conformSampling } from '../support/conform-sampling.js'
import { devices as allDevices } from '../support/devices.js'
import { kernelCases } from '../support/kernel-cases.js'
import { middleModel, trainingLosses } from '../support/losses.js'

const reference = createReferenceDevice()

const devices: typeof allDevices = { ...allDevices, 'wasm on two threads': () => createWasmDevice({ threads: 2 }) }

/** Devices are opened once: a context on a GPU is costly. */
const opened = new Map<string, Promise<Device>>()
function open(name: string): Promise<Device> {
  const device = opened.get(name) ?? devices[name]!()
  opened.set(name, device)
  return device
}

/** What the test calls in the browser: arguments and results travel as JSON. */
const page = {
  isCrossOriginIsolated: async (): Promise<boolean> => globalThis.crossOriginIsolated,
  /** What a device says that it runs on. */
  async backend(name: string): Promise<string> {
    const device: object = await open(name)
    return String(Reflect.get(device, 'backend') ?? Reflect.get(device, 'adapter') ?? '')
  },
  conform: async (name: string, kernel: string, runs: number, seed: number): Promise<Conformance> =>
    conform(await open(name), reference, kernel, kernelCases[kernel]!, runs, seed),
  conformSampling: async (name: string, runs: number, seed: number): Promise<Conformance> =>
    conformSampling(await open(name), reference, runs, seed),
  conformMatmul: async (name: string, m: number, n: number, k: number): Promise<number> =>
    conformMatmul(await open(name), reference, m, n, k),
  losses: async (name: string, steps: number): Promise<number[]> => trainingLosses(await open(name), steps),
  middleLosses: async (name: string): Promise<number[]> => trainingLosses(await open(name), 3, middleModel),
  /** Functions of a user, as a bundler has minified them: x·log(x/y) and xᵏ. */
  async defineKernel(x: number[], y: number[], k: number[]): Promise<{ term: number[]; power: number[] }> {
    const gpujs = await openGpuJs()
    const term = gpujs.defineKernel((p, q) => p * Math.log(p / q))
    const power = gpujs.defineKernel((base, exponent) => {
      let result = 1
      for (let i = 0; i < exponent; i++) result *= base
      return result
    })
    const results = { term: [...term(x, y)], power: [...power(x, k)] }
    gpujs.dispose()
    return results
  },
  /** What `createDevice` gives, in a browser without WebAssembly's SIMD if that is asked for. */
  async choose(
    choice: DeviceChoice,
    { threads = 1, simd = true }: { threads?: number; simd?: boolean } = {},
  ): Promise<{ name: string; reason: string }> {
    const { validate } = WebAssembly
    if (!simd) WebAssembly.validate = (): boolean => false
    try {
      const { device, reason } = await createDevice(choice, { threads })
      device.dispose()
      return { name: device.name, reason }
    } finally {
      WebAssembly.validate = validate
    }
  },
}

export type TestPage = typeof page

Object.assign(globalThis, { testPage: page })
