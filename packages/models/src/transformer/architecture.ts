import { invalidData } from '@posttrain/core'
import type { TransformerConfig } from './config.js'

type Filled<T> = { readonly [K in keyof T]-?: NonNullable<T[K]> }

/** A configuration with its defaults filled in, and the row lengths that follow from it. */
export interface Architecture extends Filled<TransformerConfig> {
  /** Entries of a token's queries: heads · headSize. */
  readonly queryWidth: number
  /** Entries of its keys, and of its values: keyValueHeads · headSize. */
  readonly keyWidth: number
  /** Queries, keys and values side by side. */
  readonly packedWidth: number
  /** What goes into the activation: `hidden`, or gate and up projection side by side. */
  readonly expandedWidth: number
}

/** Fills in a configuration's defaults. */
export function architectureOf(config: TransformerConfig): Architecture {
  const { heads, keyValueHeads = heads, headSize = config.width / heads } = config
  const { normalisation = 'layer', normEpsilon = 1e-5, positions = 'learned' } = config
  const { biases = 'all', tiedHead = false, valueHead = false } = config
  const queryWidth = heads * headSize
  const keyWidth = keyValueHeads * headSize
  return {
    ...config,
    normalisation,
    normEpsilon,
    positions,
    biases,
    tiedHead,
    valueHead,
    keyValueHeads,
    headSize,
    queryWidth,
    keyWidth,
    packedWidth: queryWidth + 2 * keyWidth,
    expandedWidth: config.activation === 'swiglu' ? 2 * config.hidden : config.hidden,
  }
}

/**
 * @param names of the two, for the message
 * @throws PosttrainError `invalid-data`, naming the first field in which a checkpoint's architecture is another
 */
export function requireSameArchitecture(
  checkpoint: Architecture,
  model: Architecture,
  [ofCheckpoint, ofModel]: readonly [string, string] = ['the checkpoint', 'the model'],
): void {
  for (const [field, wanted] of Object.entries(model)) {
    const [found, needed] = [JSON.stringify(checkpoint[field as keyof Architecture]), JSON.stringify(wanted)]
    if (found !== needed) throw invalidData(`${ofCheckpoint} has ${field} ${found}, but ${ofModel} has ${needed}`)
  }
}
