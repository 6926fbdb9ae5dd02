import { createStream } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { createWasmMemory } from '../src/wasm/memory.js'
import { instantiateKernels } from '../src/wasm/instantiate.js'
import { assembleDevice } from '../src/assemble-device.js'
import { wasmKernels } from '../src/wasm/kernels.js'
import type { ModelConfig } from './support/model-config.js'
import { createTrainingStep } from './support/training-step.js'
import { initialParameters, trainingBatch } from './support/benchmark-model.js'

describe('wasm memory', () => {
  it('stays flat over 500 training steps that allocate and dispose everything', async () => {
    const exports = await instantiateKernels()
    const memory = createWasmMemory(exports)
    const device = assembleDevice('wasm', memory, wasmKernels(exports, memory.scratch))
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
      sizes.push(exports.memory.buffer.byteLength)
    }
    expect(new Set(sizes).size).toBe(1)
  })
})
