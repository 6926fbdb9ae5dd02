import { createStream } from '@posttrain/core'
import type { Device } from '@posttrain/compute'
import { describe, expect, it } from 'vitest'
import { assembleDevice } from '../src/assemble-device.js'
import { instantiateKernels } from '../src/wasm/instantiate.js'
import { wasmKernels } from '../src/wasm/kernels.js'
import { createWasmMemory } from '../src/wasm/memory.js'
import { workAlone } from '../src/wasm/work.js'
import { initialParameters, trainingBatch } from './support/benchmark-model.js'
import type { ModelConfig } from './support/model-config.js'
import { threadedDevice } from './support/threaded-device.js'
import { createTrainingStep } from './support/training-step.js'

async function unthreadedDevice(): Promise<{ device: Device; memory: WebAssembly.Memory }> {
  const instance = await instantiateKernels()
  const memory = createWasmMemory(instance)
  const run = workAlone(instance.exports, memory.scratch)
  return {
    device: assembleDevice('wasm', memory, wasmKernels(instance.exports, run, memory.scratch)),
    memory: instance.memory,
  }
}

/** Memory sizes after each of 500 steps that allocate and dispose everything. */
async function sizesOver500Steps(device: Device, memory: WebAssembly.Memory): Promise<number[]> {
  const stream = createStream(5)
  const sizes: number[] = []
  for (let step = 0; step < 500; step++) {
    // Batches of all sizes, the largest early: later ones must fit into its holes.
    const batch = step === 0 ? 9 : 1 + stream.integer(9)
    const config: ModelConfig = { layers: 1, width: 8, heads: 2, hidden: 16, context: 16, vocabulary: 7, batch }
    const model = createTrainingStep(device, config)
    device.write(
      model.parameters,
      Object.values(initialParameters(config)).flatMap((x) => [...x]),
    )
    const { tokens, targets } = trainingBatch(config)
    await model.step(tokens, targets)
    model.dispose()
    expect(device.allocatedBytes).toBe(0)
    sizes.push(memory.buffer.byteLength)
  }
  device.dispose()
  return sizes
}

describe('wasm memory stays flat over 500 training steps that allocate and dispose everything', () => {
  it('on one thread', async () => {
    const { device, memory } = await unthreadedDevice()
    expect(new Set(await sizesOver500Steps(device, memory)).size).toBe(1)
  })

  it('on two threads that share every kernel', async () => {
    const { device, instance } = await threadedDevice(2, { leastWork: 0, patience: 20_000, patienceTimes: 100 })
    expect(new Set(await sizesOver500Steps(device, instance.memory)).size).toBe(1)
  })
})
