import type { TokenSequence } from '@posttrain/core'
import { gpt2Like, llamaLike, type TransformerConfig } from '@posttrain/models'
import { wordTokenizer, type Tokenizer } from '@posttrain/text'

/** Six words. */
export const tokenizer: Tokenizer = wordTokenizer(['0', '1', '2', '3', '4', '.'], '.')

/** Three sequences of different lengths. */
export const sequences: readonly TokenSequence[] = [
  { prompt: '1 2', tokens: [3, 4, 5] },
  { prompt: '4 0 3 1', tokens: [2, 5] },
  { prompt: '0', tokens: [1, 1, 1, 2, 0, 5] },
]

const sizes = { vocabulary: 6, context: 12, width: 8, layers: 2, heads: 2, hidden: 12 }
const scaling = { factor: 4, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: 8 }

/** Small models of every kind of part: what is tested of one is tested of all. */
export const architectures: readonly (readonly [string, TransformerConfig])[] = [
  ['GPT-2-like, untied', { ...sizes, activation: 'gelu' }],
  ['GPT-2-like, tied, with a value head', gpt2Like({ ...sizes, activation: 'relu', valueHead: true })],
  ['Llama-like with grouped queries', llamaLike({ ...sizes, heads: 4, keyValueHeads: 2 })],
  [
    'Llama-like, tied, with biases, scaled rotation, a head size of its own and a value head',
    llamaLike({
      ...sizes,
      heads: 3,
      keyValueHeads: 1,
      headSize: 6,
      biases: 'qkv',
      normEpsilon: 1e-3,
      positions: { base: 100, scaling },
      tiedHead: true,
      valueHead: true,
    }),
  ],
  ['a mixture: RMS norm, learned positions, plain SiLU', { ...sizes, activation: 'silu', normalisation: 'rms' }],
  ['a mixture: layer norm, rotary positions, SwiGLU', { ...sizes, activation: 'swiglu', positions: { base: 50 } }],
]
