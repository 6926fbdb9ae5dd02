import { createReferenceDevice, createWasmDevice, type Device } from '@posttrain/compute'
import { describe, expect, it } from 'vitest'
import { withEntry } from './support/with-entry.js'
import { initialParameters, trainingBatch } from './support/benchmark-model.js'
import type { ModelConfig } from './support/model-config.js'
import { createTrainingStep } from './support/training-step.js'

/** Small, and with sizes that are no multiples of four. */
const config: ModelConfig = { layers: 2, width: 18, heads: 3, hidden: 21, context: 7, vocabulary: 11, batch: 3 }

const flat = (config: ModelConfig): number[] => Object.values(initialParameters(config)).flatMap((x) => [...x])

async function gradientsOn(device: Device): Promise<{ loss: number; gradients: Float64Array }> {
  const model = createTrainingStep(device, config)
  device.write(model.parameters, flat(config))
  const { tokens, targets } = trainingBatch(config)
  const loss = await model.gradientsOf(tokens, targets)
  const gradients = await device.read(model.gradients)
  model.dispose()
  return { loss, gradients }
}

describe('a training step of a whole transformer', () => {
  it('has the gradients that central differences have, on reference', async () => {
    const device = createReferenceDevice()
    const { gradients } = await gradientsOn(device)
    const model = createTrainingStep(device, config)
    const { tokens, targets } = trainingBatch(config)
    const values = flat(config)
    const lossAt = async (index: number, value: number): Promise<number> => {
      device.write(model.parameters, withEntry(values, index, value))
      return model.gradientsOf(tokens, targets)
    }
    const h = 1e-5
    for (let i = 0; i < values.length; i += 37) {
      const slope = ((await lossAt(i, values[i]! + h)) - (await lossAt(i, values[i]! - h))) / (2 * h)
      // h² truncation and 1e-16/h rounding leave about 1e-10.
      expect(Math.abs(slope - gradients[i]!), `parameter ${i}`).toBeLessThan(1e-9)
    }
  })

  it('has the same loss and gradients on wasm', async () => {
    const expected = await gradientsOn(createReferenceDevice())
    const actual = await gradientsOn(await createWasmDevice())
    expect(Math.abs(actual.loss - expected.loss)).toBeLessThan(1e-6)
    const scale = expected.gradients.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    actual.gradients.forEach((x, i) => expect(Math.abs(x - expected.gradients[i]!)).toBeLessThan(1e-5 * scale))
  })

  it('learns on wasm, the same way every time', async () => {
    const run = async (): Promise<number[]> => {
      const device = await createWasmDevice()
      const model = createTrainingStep(device, config)
      device.write(model.parameters, flat(config))
      const { tokens, targets } = trainingBatch(config)
      const losses: number[] = []
      for (let i = 0; i < 60; i++) losses.push(await model.step(tokens, targets))
      return losses
    }
    const losses = await run()
    expect(losses[0]).toBeGreaterThan(2)
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!)
    expect(await run()).toEqual(losses)
  })
})
