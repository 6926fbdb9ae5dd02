import { createStream, PosttrainError } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { requestDevice } from '../src/webgpu/request-device.js'
import { createWebGpuDevice } from '../src/webgpu/webgpu-device.js'
import { initialParameters, trainingBatch } from './support/benchmark-model.js'
import type { ModelConfig } from './support/model-config.js'
import { createTrainingStep } from './support/training-step.js'

const requested = await requestDevice().catch((error: unknown) => error as PosttrainError)
const missing = requested instanceof PosttrainError ? requested.message : undefined

/** Bytes of the buffers that were created on a device and not destroyed, whoever created them. */
function countBytes(device: GPUDevice): () => number {
  let bytes = 0
  const create = device.createBuffer.bind(device)
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor)
    const destroy = buffer.destroy.bind(buffer)
    let live = true
    bytes += descriptor.size
    buffer.destroy = () => {
      if (live) bytes -= descriptor.size
      live = false
      destroy()
    }
    return buffer
  }
  return () => bytes
}

describe.skipIf(missing !== undefined)(`WebGPU memory${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  it('stays flat over 500 training steps that allocate and dispose everything', async () => {
    if (requested instanceof PosttrainError) throw requested
    const bytes = countBytes(requested.device)
    const device = createWebGpuDevice(requested.device, () => {})
    const stream = createStream(5)
    const sizes: number[] = []
    for (let step = 0; step < 500; step++) {
      // Batches of all sizes, the largest first: the scratch memory of kernels is as large as it gets then.
      const batch = step === 0 ? 3 : 1 + stream.integer(3)
      const config: ModelConfig = { layers: 1, width: 4, heads: 2, hidden: 5, context: 3, vocabulary: 5, batch }
      const model = createTrainingStep(device, config)
      device.write(
        model.parameters,
        Object.values(initialParameters(config)).flatMap((x) => [...x]),
      )
      const { tokens, targets } = trainingBatch(config)
      await model.step(tokens, targets)
      await device.sumOfSquares(model.gradients)
      model.dispose()
      expect(device.allocatedBytes).toBe(0)
      sizes.push(bytes())
    }
    expect(new Set(sizes).size).toBe(1)
    // The settings of dispatches and the scratch memory, no more.
    expect(sizes[0]).toBeLessThan(65_536)
    device.dispose()
  }, 240_000) // a GPU emulated on a busy machine takes its time
})
