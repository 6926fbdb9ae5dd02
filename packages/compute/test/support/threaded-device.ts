import type { Device } from '@posttrain/compute'
import { assembleDevice } from '../../src/assemble-device.js'
import { type Instance, instantiateKernels } from '../../src/wasm/instantiate.js'
import { job } from '../../src/wasm/job.js'
import { wasmKernels } from '../../src/wasm/kernels.js'
import { createWasmMemory } from '../../src/wasm/memory.js'
import { startThreads, type ThreadLimits } from '../../src/wasm/threads.js'
import type { DoWork } from '../../src/wasm/work.js'

/** What `createWasmDevice({ threads })` makes, with other limits and its inner parts at hand. */
export async function threadedDevice(
  count: number,
  limits?: ThreadLimits,
): Promise<{ readonly device: Device; readonly instance: Instance; readonly run: DoWork }> {
  const instance = await instantiateKernels({ shared: true })
  const memory = createWasmMemory(instance)
  const address = memory.allocate(job.bytes / 4, 'i32')
  const { run, dispose } = await startThreads(instance, count, address, memory.scratch, limits)
  const device = assembleDevice('wasm', { ...memory, dispose }, wasmKernels(instance.exports, run, memory.scratch))
  return { device, instance, run }
}
