import { createStream } from '@posttrain/core'

/** A matrix of outputs × inputs, or a vector, as Hugging Face has them. */
export interface Weight {
  readonly dtype: 'F32'
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** The sizes of a Llama of 100,000 weights of chance, which reads bytes and writes ASCII. */
export const TINY = {
  width: 64,
  layers: 2,
  heads: 2,
  keyValueHeads: 1,
  headSize: 32,
  hidden: 128,
  context: 512,
} as const

/** Beside the bytes: what pads, begins and ends. */
export const SPECIALS = ['<pad>', '<bos>', '<eos>'] as const

/** Tokens by their ids: the special ones, then each byte as byte-level vocabularies write it. */
export const VOCABULARY: readonly string[] = [...SPECIALS, ...bytesAsLetters()]

/** Messages as lines, and the turn of the model is opened by its role. */
export const TEMPLATE = [
  '{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}',
  '{% if add_generation_prompt %}assistant: {% endif %}',
].join('')

/** The weights under the names of Hugging Face; always the same. */
export function tinyWeights(): ReadonlyMap<string, Weight> {
  const { width, layers, heads, keyValueHeads, headSize, hidden } = TINY
  const weights = new Map<string, Weight>()
  const matrix = (name: string, outputs: number, inputs: number, deviation = 0.15): void => {
    const { uniform } = createStream(7, name)
    // Uniform with this standard deviation.
    const data = Float32Array.from({ length: outputs * inputs }, () => (uniform() - 0.5) * Math.sqrt(12) * deviation)
    weights.set(`${name}.weight`, { dtype: 'F32', shape: [outputs, inputs], data })
  }
  const ones = (name: string): unknown =>
    weights.set(`${name}.weight`, { dtype: 'F32', shape: [width], data: new Float32Array(width).fill(1) })
  matrix('model.embed_tokens', VOCABULARY.length, width, 0.5)
  matrix('lm_head', VOCABULARY.length, width, 0.25)
  VOCABULARY.forEach((token, id) => {
    weights.get('model.embed_tokens.weight')!.data[id * width] = 4
    weights.get('lm_head.weight')!.data[id * width] = isSaid(token) ? 0 : -3
  })
  ones('model.norm')
  for (let layer = 0; layer < layers; layer++) {
    const at = (name: string): string => `model.layers.${layer}.${name}`
    matrix(at('self_attn.q_proj'), heads * headSize, width)
    matrix(at('self_attn.k_proj'), keyValueHeads * headSize, width)
    matrix(at('self_attn.v_proj'), keyValueHeads * headSize, width)
    matrix(at('self_attn.o_proj'), width, heads * headSize)
    matrix(at('mlp.gate_proj'), hidden, width)
    matrix(at('mlp.up_proj'), hidden, width)
    matrix(at('mlp.down_proj'), width, hidden)
    ones(at('input_layernorm'))
    ones(at('post_attention_layernorm'))
  }
  return weights
}

/** What the model says: letters, digits and signs of ASCII, and its end. All else is unlikely by a column that is always on. */
const isSaid = (token: string): boolean => /^([!-~]|<eos>)$/.test(token)

/** Printable bytes of Latin-1 are their own letters; the others are counted from 256. */
function bytesAsLetters(): readonly string[] {
  const isPrintable = (byte: number): boolean => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++))
}
