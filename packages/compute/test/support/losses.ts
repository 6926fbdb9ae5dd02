import type { Device } from '@posttrain/compute'
import { initialParameters, trainingBatch } from './benchmark-model.js'
import type { ModelConfig } from './model-config.js'
import { createTrainingStep } from './training-step.js'

/** Small, and with sizes that are no multiples of four. */
export const smallModel: ModelConfig = {
  layers: 2,
  width: 18,
  heads: 3,
  hidden: 21,
  context: 7,
  vocabulary: 11,
  batch: 3,
}

/** With products large enough for the wasm device to share them among its threads. */
export const middleModel: ModelConfig = {
  layers: 1,
  width: 64,
  heads: 4,
  hidden: 128,
  context: 32,
  vocabulary: 32,
  batch: 16,
}

/** Losses of so many training steps from the same weights on the same batch. */
export async function trainingLosses(device: Device, steps: number, config = smallModel): Promise<number[]> {
  const model = createTrainingStep(device, config)
  device.write(
    model.parameters,
    Object.values(initialParameters(config)).flatMap((x) => [...x]),
  )
  const { tokens, targets } = trainingBatch(config)
  const losses: number[] = []
  for (let i = 0; i < steps; i++) losses.push(await model.step(tokens, targets))
  model.dispose()
  return losses
}
