import { invalidData, unsupported } from '@posttrain/core'
import { elementCount, type Tensor } from '../tensor.js'
import type { Architecture } from './architecture.js'
import type { LoraSettings } from './lora.js'
import { parameterLayout } from './parameters.js'

/** Most weights of a model: 4 GiB of float32, the most that a buffer has on any device. */
const MOST_WEIGHTS = 2 ** 30

/** Largest table of rotary positions, context × headSize: 64 MiB, that of Llama 3's 131,072 positions. */
const LARGEST_TABLE = 2 ** 24

/** Weights of an architecture, with the gaps between tensors: a closed form in the number of layers. */
function weightsOf(architecture: Architecture): number {
  const [none, one] = [0, 1].map((layers) => parameterLayout({ ...architecture, layers }).length) as [number, number]
  return none + architecture.layers * (one - none)
}

/**
 * Compares the sizes that an architecture states with the tensors that are there or, if there are none, with what a
 * device can hold: before anything is allocated, or done for each layer.
 *
 * @throws PosttrainError `invalid-data`, naming both sizes, for weights of fewer layers; `unsupported` for a model or
 *   context that no device can hold
 */
export function requireSizes(
  architecture: Architecture,
  weights: ReadonlyMap<string, Tensor> | undefined,
  lora?: LoraSettings,
): void {
  const { layers, context, headSize, positions, width } = architecture
  if (weights && layers > weights.size) {
    const held = [...weights.values()].reduce((total, { shape }) => total + elementCount(shape), 0)
    throw invalidData(
      `the configuration has ${layers} layers, but the file has ${weights.size} tensors, of ${held} numbers in all`,
      'take the configuration that was saved with these weights',
    )
  }
  const count = weightsOf(architecture)
  if (!weights && !(count <= MOST_WEIGHTS)) {
    throw unsupported(`the model would have ${count} weights, more than the ${MOST_WEIGHTS} that a device can hold`)
  }
  if (positions !== 'learned' && !(context * headSize <= LARGEST_TABLE)) {
    throw unsupported(
      `a context of ${context} with heads of ${headSize} needs a table of ${context * headSize} rotary positions, more ` +
        `than ${LARGEST_TABLE}`,
      'give a shorter context',
    )
  }
  if (lora && lora.rank > width) {
    throw invalidData(`the rank of the adapter is ${lora.rank}, but the matrices have ranks of at most ${width}`)
  }
}
