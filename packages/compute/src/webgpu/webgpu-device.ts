import { assembleDevice } from '../assemble-device.js'
import type { Device } from '../device.js'
import { createCommandBatch } from './command-batch.js'
import { watchHealth } from './health.js'
import { webgpuKernels } from './kernels.js'
import { createGpuMemory, createStorage } from './memory.js'
import { createRunner } from './runner.js'
import { createScratch } from './scratch.js'

/**
 * A device on an open GPU.
 *
 * @param onDispose called after the GPU was destroyed
 */
export function createWebGpuDevice(gpu: GPUDevice, onDispose: () => void): Device {
  const health = watchHealth(gpu)
  const batch = createCommandBatch(gpu)
  const scratch = createScratch(batch, (length) => createStorage(gpu, health, length))
  const runner = createRunner(gpu, batch, scratch, health.require)
  const memory = createGpuMemory(gpu, batch, runner, health)
  const dispose = (): void => {
    gpu.destroy() // with all that was created on it
    onDispose()
  }
  return assembleDevice('webgpu', { ...memory, dispose }, webgpuKernels(runner))
}
