import {
  invalidArgument,
  invalidData,
  PosttrainError,
  requireFinite,
  requireLength,
  sum,
  unsupported,
  type Checkpoint,
} from '@posttrain/core'
import { isOptimizerState } from './learned-parameters.js'
import { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.js'
import { requireSameBase } from './same-base.js'
import type { Tensor } from './tensor.js'

/**
 * The weighted mean Σᵢ wᵢ·θᵢ / Σᵢ wᵢ of the weights of checkpoints that were trained from one initialisation: of reward
 * models fine-tuned apart, which then cost one (WARM: Ramé et al. 2024, https://arxiv.org/abs/2401.12187); and with
 * weights 1 − η and η a step of an exponential moving average.
 *
 * What a file says of itself, such as its number of steps, is that of the first, and so is an optimizer's state.
 *
 * @param checkpoints at least one, each a safetensors file as `save` returns it; they are not changed
 * @param weights one for each, at least 0 and not all of them 0 (default: all alike)
 * @returns a file for `load`
 * @throws PosttrainError `invalid-data` for what is no safetensors file, and, naming the difference, for checkpoints of
 *   another architecture, tokenizer or initialisation; `invalid-argument` for no checkpoints and for weights out of
 *   range; `unsupported` for weights that a service keeps
 * @example
 * ```ts
 * const table = { prompts: ['x'], words: ['a', 'b'], lineage: 'coin' }
 * const [anchor, policy] = [new TabularPolicy(table), new TabularPolicy(table)]
 * policy.setLogits('x', [], [0, 2])
 * await anchor.load(averageCheckpoints([await anchor.save(), await policy.save()], [0.75, 0.25]))
 * await anchor.logits() // => new Float64Array([0, 0.5])
 * ```
 */
export function averageCheckpoints(
  checkpoints: readonly Checkpoint[],
  weights: readonly number[] = checkpoints.map(() => 1),
): Uint8Array {
  const total = totalOf(weights, checkpoints.length)
  const files = checkpoints.map(decoded)
  const [first, ...others] = files as [Safetensors, ...Safetensors[]]
  others.forEach((other, i) => requireSameBase([first, other], ['checkpoints[0]', `checkpoints[${i + 1}]`]))
  const averaged = [...first.tensors].map(([name, tensor]): [string, Tensor] => [
    name,
    isOptimizerState(name) ? tensor : meanOf(name, files, weights, total),
  ])
  return encodeSafetensors({ tensors: new Map(averaged), metadata: first.metadata })
}

function totalOf(weights: readonly number[], count: number): number {
  if (count === 0) throw invalidArgument('there are no checkpoints to average')
  requireLength('weights', weights, count)
  weights.forEach((weight, i) => requireFinite(`weights[${i}]`, weight, { min: 0 }))
  const total = sum(weights)
  if (total === 0) throw invalidArgument('all weights are 0')
  return total
}

/** The first plus the weighted mean of the differences to it: exact where all are equal. */
function meanOf(name: string, files: readonly Safetensors[], weights: readonly number[], total: number): Tensor {
  const [first, ...others] = files.map(({ tensors }) => tensors.get(name)!) as [Tensor, ...Tensor[]]
  const { dtype, shape, data } = first
  if (dtype === 'I32') throw invalidData(`tensor ${name} has the type I32; F32 and F64 can be averaged`)
  const mean = (value: number, at: number): number => {
    const moved = others.reduce((moved, { data: other }, i) => moved + weights[i + 1]! * (other[at]! - value), 0)
    return moved === 0 ? value : value + moved / total // −0 + 0 would be 0
  }
  return { dtype, shape, data: data.map(mean) }
}

function decoded(file: Checkpoint, i: number): Safetensors {
  const which = `checkpoints[${i}]`
  if ('location' in file)
    throw unsupported(`${which}: the weights are at ${file.location}, and only bytes can be averaged`)
  try {
    return decodeSafetensors(file)
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    throw invalidData(`${which}: ${error.message}`, error.hint, error)
  }
}
