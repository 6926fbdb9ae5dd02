import type { Tensor } from '../tensor.js'
import type { Architecture } from '../transformer/architecture.js'
import { concatenated, TensorSource, transposedSideBySide } from './weights.js'

/** Frequencies that older files carry as if they were weights, and the head of a model whose head is tied. */
const notWeights = /^(layers\.\d+\.self_attn\.rotary_emb\.inv_freq|lm_head\.weight)$/

/**
 * The weights of the Llama family under our names: queries, keys and values become one matrix, gate and up projection
 * another, and all of them inputs × outputs.
 */
export function llamaWeights(
  tensors: ReadonlyMap<string, Tensor>,
  { vocabulary, width, hidden, layers, queryWidth, keyWidth, biases, tiedHead }: Architecture,
): ReadonlyMap<string, Tensor> {
  const source = new TensorSource(tensors, 'model.')
  const weights = new Map<string, Tensor>()
  weights.set('wte.weight', source.take('embed_tokens.weight', [vocabulary, width]))
  for (let l = 0; l < layers; l++) {
    const matrix = (name: string, outputs: number, inputs: number): Tensor =>
      source.take(`layers.${l}.${name}.weight`, [outputs, inputs])
    const packed = [
      ['self_attn.q_proj', queryWidth],
      ['self_attn.k_proj', keyWidth],
      ['self_attn.v_proj', keyWidth],
    ] as const
    const qkv = packed.map(([name, outputs]) => matrix(name, outputs, width))
    const gateAndUp = ['mlp.gate_proj', 'mlp.up_proj'].map((name) => matrix(name, hidden, width))
    weights.set(`h.${l}.attn.c_attn.weight`, transposedSideBySide(qkv))
    if (biases === 'qkv') {
      const bias = packed.map(([name, outputs]) => source.take(`layers.${l}.${name}.bias`, [outputs]))
      weights.set(`h.${l}.attn.c_attn.bias`, concatenated(bias))
    }
    weights.set(`h.${l}.attn.c_proj.weight`, transposedSideBySide([matrix('self_attn.o_proj', width, queryWidth)]))
    weights.set(`h.${l}.mlp.c_fc.weight`, transposedSideBySide(gateAndUp))
    weights.set(`h.${l}.mlp.c_proj.weight`, transposedSideBySide([matrix('mlp.down_proj', width, hidden)]))
    weights.set(`h.${l}.ln_1.weight`, source.take(`layers.${l}.input_layernorm.weight`, [width]))
    weights.set(`h.${l}.ln_2.weight`, source.take(`layers.${l}.post_attention_layernorm.weight`, [width]))
  }
  weights.set('ln_f.weight', source.take('norm.weight', [width]))
  if (!tiedHead) weights.set('lm_head.weight', source.take('lm_head.weight', [vocabulary, width]))
  source.requireAllTaken(notWeights)
  return weights
}
