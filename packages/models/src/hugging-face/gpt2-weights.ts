import type { Tensor } from '../tensor.js'
import type { Architecture } from '../transformer/architecture.js'
import { parameterLayout } from '../transformer/parameters.js'
import { TensorSource } from './weights.js'

/** Masks that older files carry as if they were weights, and the head of a model whose head is tied. */
const notWeights = /^(h\.\d+\.attn\.(bias|masked_bias)|lm_head\.weight)$/

/** The weights of a GPT-2, whose names and orientations are ours. */
export function gpt2Weights(
  tensors: ReadonlyMap<string, Tensor>,
  architecture: Architecture,
): ReadonlyMap<string, Tensor> {
  const source = new TensorSource(tensors, 'transformer.')
  const { tensors: wanted } = parameterLayout({ ...architecture, valueHead: false })
  const weights = new Map(
    wanted.map(({ name, shape }) => [
      name,
      name === 'wpe.weight' ? source.takeRows(name, shape[0]!, shape[1]!) : source.take(name, shape),
    ]),
  )
  source.requireAllTaken(notWeights)
  return weights
}
