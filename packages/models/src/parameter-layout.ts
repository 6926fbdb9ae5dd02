import { invalidData } from '@posttrain/core'
import type { Tensor } from './tensor.js'

/** Which values a tensor may have. */
type Sign = 'any' | 'not negative'

/** One named tensor inside a flat parameter buffer. */
export interface ParameterTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly offset: number
  readonly length: number
}

/**
 * Where each tensor lies in one flat buffer. Matrices, which weight decay shrinks, come first; gains and biases, which
 * it leaves alone, follow.
 */
export interface ParameterLayout {
  readonly tensors: readonly ParameterTensor[]
  readonly length: number
  /** Elements before this index are decayed. */
  readonly decayedLength: number
}

/**
 * The tensor of a name and shape.
 *
 * @throws PosttrainError `invalid-data`, naming it, if it is missing, has another shape, holds integers or a value that
 *   is not finite, or a negative one where none may be
 */
export function requireTensor(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shape: readonly number[],
  sign: Sign = 'any',
): Tensor {
  const tensor = tensors.get(name)
  if (!tensor) throw invalidData(`the checkpoint has no tensor ${name}`)
  if (tensor.dtype === 'I32') throw invalidData(`tensor ${name} has the type I32, but weights are no integers`)
  if (tensor.shape.length !== shape.length || shape.some((size, i) => size !== tensor.shape[i])) {
    const shapes = `[${tensor.shape.join(', ')}], but the model needs [${shape.join(', ')}]`
    throw invalidData(`tensor ${name} has the shape ${shapes}`)
  }
  // A plain loop: a model has hundreds of millions of weights, and a call for each takes seconds.
  const { data } = tensor
  const least = sign === 'any' ? -Infinity : 0
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!
    if (!Number.isFinite(value) || value < least) throw invalidData(`tensor ${name} contains ${value} at ${i}`)
  }
  return tensor
}

/** The flat values of a parameter buffer. */
export type ParameterValues = Float32Array | Float64Array

/**
 * The flat values of a layout, from named tensors: float64 if any of them is.
 *
 * @param prefix of the tensors' names
 * @throws PosttrainError `invalid-data` as `requireTensor`
 */
export function gatherTensors(
  layout: ParameterLayout,
  tensors: ReadonlyMap<string, Tensor>,
  prefix = '',
  sign: Sign = 'any',
): ParameterValues {
  const found = layout.tensors.map(({ name, shape }) => requireTensor(tensors, prefix + name, shape, sign))
  const values = found.every(({ dtype }) => dtype === 'F32')
    ? new Float32Array(layout.length)
    : new Float64Array(layout.length)
  layout.tensors.forEach(({ offset }, i) => values.set(found[i]!.data, offset))
  return values
}
