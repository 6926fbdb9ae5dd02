import { createStream } from '@posttrain/core'
import { type ModelConfig, parameterShapes, product } from './model-config.js'

/** The model that Posttrain's speed is measured on: 0.81 M parameters, 2,048 tokens per step. */
export const benchmarkModel: ModelConfig = {
  layers: 4,
  width: 128,
  heads: 4,
  hidden: 512,
  context: 64,
  vocabulary: 32,
  batch: 32,
}

/** Initial values by name: gains 1, biases 0, weights uniform with the standard deviation 0.05. */
export function initialParameters(config: ModelConfig, seed = 1): Readonly<Record<string, Float32Array>> {
  const values: Record<string, Float32Array> = {}
  for (const [name, shape] of Object.entries(parameterShapes(config))) {
    const stream = createStream(seed, name)
    const width = 0.05 * Math.sqrt(12)
    const draw = (): number => {
      if (name.endsWith('.gain')) return 1
      return name.endsWith('.bias') ? 0 : width * (stream.uniform() - 0.5)
    }
    values[name] = Float32Array.from({ length: product(shape) }, draw)
  }
  return values
}

/** Random tokens, and for each a target that depends on it alone, so that the loss falls. */
export function trainingBatch(config: ModelConfig, seed = 7): { tokens: Int32Array; targets: Int32Array } {
  const stream = createStream(seed, 'batch')
  const tokens = Int32Array.from({ length: config.batch * config.context }, () => stream.integer(config.vocabulary))
  return { tokens, targets: tokens.map((t) => (5 * t + 3) % config.vocabulary) }
}

/** Multiplications and additions of forward and backward, counting attention in full as the usual formula does. */
export function stepFlops(c: ModelConfig): number {
  const weights = c.layers * (4 * c.width * c.width + 2 * c.width * c.hidden) + c.width * c.vocabulary
  const tokens = c.batch * c.context
  return 6 * weights * tokens + 12 * c.layers * c.width * c.context * tokens
}
