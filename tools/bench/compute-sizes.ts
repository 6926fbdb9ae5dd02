import { createWasmDevice } from '@posttrain/compute'
import { initialParameters, stepFlops, trainingBatch } from '../../packages/compute/test/support/benchmark-model.js'
import { type ModelConfig, parameterCount } from '../../packages/compute/test/support/model-config.js'
import { createTrainingStep } from '../../packages/compute/test/support/training-step.js'
import { cpuMilliseconds } from './worker.js'

/** CPU time of a training step at one size. */
export interface SizedStep {
  readonly parameters: number
  readonly context: number
  readonly tokens: number
  readonly milliseconds: number
  /** By the usual formula, which counts attention in full. */
  readonly gflops: number
}

const model = (layers: number, width: number, context: number, tokens: number): ModelConfig => ({
  layers,
  width,
  heads: width / 32,
  hidden: 4 * width,
  context,
  vocabulary: 64,
  batch: tokens / context,
})

/** 0.1 to 20 million parameters at a context of 64, and 64 to 1,024 tokens of context at 0.8 million. */
const configs: readonly ModelConfig[] = [
  model(2, 64, 64, 1024),
  model(4, 128, 64, 1024),
  model(6, 192, 64, 1024),
  model(6, 288, 64, 1024),
  model(6, 512, 64, 1024),
  model(4, 128, 128, 1024),
  model(4, 128, 256, 1024),
  model(4, 128, 512, 1024),
  model(4, 128, 1024, 1024),
]

/** The best of a few steps at each size: times grow by a factor of two hundred, and noise only ever adds to one. */
export async function stepTimes(rounds = 3): Promise<readonly SizedStep[]> {
  const times: SizedStep[] = []
  for (const config of configs) {
    const device = await createWasmDevice()
    const step = createTrainingStep(device, config)
    device.write(
      step.parameters,
      Object.values(initialParameters(config)).flatMap((x) => Array.from(x)),
    )
    const { tokens, targets } = trainingBatch(config)
    let best = Infinity
    for (let i = 0; i <= rounds; i++) {
      best = Math.min(best, await cpuMilliseconds(() => step.step(tokens, targets)))
    }
    times.push({
      parameters: parameterCount(config),
      context: config.context,
      tokens: tokens.length,
      milliseconds: best,
      gflops: stepFlops(config) / best / 1e6,
    })
    device.dispose()
  }
  return times
}
