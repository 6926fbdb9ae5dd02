import { createStream, type RandomStream } from '@posttrain/core'
import { gatherTensors, type ParameterLayout, type ParameterTensor, type ParameterValues } from '../parameter-layout.js'
import type { Tensor } from '../tensor.js'

/** Standard normal by Box–Muller. */
const normal = (stream: RandomStream): number =>
  Math.sqrt(-2 * Math.log(1 - stream.uniform())) * Math.cos(2 * Math.PI * stream.uniform())

/**
 * Random weights: gains 1, biases and the value head 0, embeddings and head N(0, 0.02²), other matrices N(0, 1/fan-in),
 * halved in standard deviation where they write to the residual stream. Of an adapter's two factors the first is
 * N(0, 1/fan-in) and the second 0, so that it initially changes nothing.
 */
export function randomParameters(layout: ParameterLayout, seed: number): Float64Array {
  const values = new Float64Array(layout.length)
  for (const { name, shape, offset, length } of layout.tensors) {
    if (shape.length === 1) {
      if (name.includes('ln_') && name.endsWith('.weight')) values.fill(1, offset, offset + length)
      continue
    }
    if (name.startsWith('value_head.') || name.endsWith('.lora_B')) continue
    const stream = createStream(seed, 'initialise', name)
    const writesToResidual = name.endsWith('c_proj.weight')
    const deviation = name.startsWith('h.') ? (writesToResidual ? 0.5 : 1) / Math.sqrt(shape[0]!) : 0.02
    for (let i = 0; i < length; i++) values[offset + i] = deviation * normal(stream)
  }
  return values
}

/**
 * Initial weights of a model: random, or those given, in which a value head may be missing: it is 0 then.
 *
 * @throws PosttrainError `invalid-data`, naming a tensor that is missing or has another shape
 */
export function initialParameters(
  layout: ParameterLayout,
  seed: number,
  weights: ReadonlyMap<string, Tensor> | undefined,
): ParameterValues {
  if (!weights) return randomParameters(layout, seed)
  const isNew = ({ name }: ParameterTensor): boolean => name.startsWith('value_head.') && !weights.has(name)
  return gatherTensors({ ...layout, tensors: layout.tensors.filter((tensor) => !isNew(tensor)) }, weights)
}
