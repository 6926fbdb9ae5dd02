import type { TransformerConfig } from './config.js'

/** The sizes a preset needs; anything else of a configuration may be given too and then wins. */
export type PresetSizes = Pick<TransformerConfig, 'vocabulary' | 'context' | 'width' | 'layers' | 'heads'> & {
  readonly [Field in keyof TransformerConfig]?: TransformerConfig[Field] | undefined
}

/**
 * A GPT-2-like configuration: layer norm, learned positions, tanh-GELU of hidden size 4 · width, biases, tied head.
 *
 * Radford et al., Language Models are Unsupervised Multitask Learners, section 2.3
 *
 * @example
 * ```ts
 * gpt2Like({ vocabulary: 32, context: 64, width: 128, layers: 4, heads: 4 }).hidden // => 512
 * ```
 */
export const gpt2Like = (sizes: PresetSizes): TransformerConfig => ({
  ...sizes,
  hidden: sizes.hidden ?? 4 * sizes.width,
  activation: sizes.activation ?? 'gelu',
  tiedHead: sizes.tiedHead ?? true,
})

/**
 * A Llama-like configuration: RMS norm, rotary positions, SwiGLU of hidden size 8/3 · width rounded up to a multiple of
 * 16, no biases, untied head; with `keyValueHeads` grouped-query attention.
 *
 * Touvron et al., LLaMA, section 2.2, https://arxiv.org/abs/2302.13971
 *
 * @example
 * ```ts
 * llamaLike({ vocabulary: 32, context: 64, width: 128, layers: 4, heads: 4, keyValueHeads: 2 }).hidden // => 352
 * ```
 */
export const llamaLike = (sizes: PresetSizes): TransformerConfig => ({
  ...sizes,
  hidden: sizes.hidden ?? 16 * Math.ceil((8 * sizes.width) / 48),
  activation: sizes.activation ?? 'swiglu',
  normalisation: sizes.normalisation ?? 'rms',
  positions: sizes.positions ?? { base: 10_000 },
  biases: sizes.biases ?? 'none',
})
