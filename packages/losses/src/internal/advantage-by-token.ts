import { requireLength, type LossConstants } from '@posttrain/core'
import { missingConstant } from './missing-constant.js'

/** The advantage of each token: its own, or that of its sequence. */
export function advantageByToken({ advantage }: LossConstants, tokens: number, index: number): ArrayLike<number> {
  if (typeof advantage === 'number') return new Float64Array(tokens).fill(advantage)
  if (!advantage) throw missingConstant('advantage', index)
  requireLength(`advantage of sequence ${index}`, advantage, tokens)
  return advantage
}
