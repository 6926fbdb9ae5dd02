import { invalidData, PosttrainError, requireFinite, unsupported, type Checkpoint } from '@posttrain/core'
import { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.js'
import type { Tensor } from './tensor.js'

/**
 * (1 − rate)·target + rate·source for every tensor of two checkpoints of one architecture: a step of an exponential
 * moving average. What only one of them has, such as an optimizer's state, is left as it is in `target`.
 *
 * @param target a safetensors file, as `save` returns it; not changed
 * @param source another with the same tensors
 * @param rate on [0, 1]; 0 gives `target`
 * @returns a file for `load`
 * @throws PosttrainError `invalid-data` for files that are not safetensors, or for tensors of another type or shape;
 *   `unsupported` for weights that a service keeps
 * @example
 * ```ts
 * const [anchor, policy] = [0, 1].map(() => new TabularPolicy({ prompts: ['x'], words: ['a', 'b'] }))
 * policy!.setLogits('x', [], [0, 2])
 * await anchor!.load(averageCheckpoints(await anchor!.save(), await policy!.save(), 0.25))
 * await anchor!.logits() // => new Float64Array([0, 0.5])
 * ```
 */
export function averageCheckpoints(target: Checkpoint, source: Checkpoint, rate: number): Uint8Array {
  requireFinite('rate', rate, { min: 0, max: 1 })
  const { tensors, metadata } = decoded('target', target)
  const others = decoded('source', source).tensors
  const averaged = [...tensors].map(([name, tensor]): [string, Tensor] => {
    const other = others.get(name)
    return [name, other ? averageOf(name, tensor, other, rate) : tensor]
  })
  return encodeSafetensors({ tensors: new Map(averaged), metadata })
}

function averageOf(name: string, target: Tensor, source: Tensor, rate: number): Tensor {
  const { dtype, shape, data } = target
  if (dtype === 'I32') throw invalidData(`tensor ${name} has the type I32; F32 and F64 can be averaged`)
  if (source.dtype !== dtype || source.shape.join() !== shape.join()) {
    const kind = (tensor: Tensor): string => `${tensor.dtype} [${tensor.shape.join(', ')}]`
    throw invalidData(`tensor ${name} is ${kind(target)} in target, but ${kind(source)} in source`)
  }
  const mix = (value: number, i: number): number => value + rate * (source.data[i]! - value)
  return { dtype, shape, data: data.map(mix) }
}

function decoded(which: string, file: Checkpoint): Safetensors {
  if ('location' in file)
    throw unsupported(`${which}: the weights are at ${file.location}, and only bytes can be averaged`)
  try {
    return decodeSafetensors(file)
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    throw invalidData(`${which}: ${error.message}`, error.hint, error)
  }
}
