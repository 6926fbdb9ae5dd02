import { requireLength, type ConstantName, type LossConstants } from '@posttrain/core'
import { missingConstant } from './missing-constant.js'

/** A constant per token that a loss cannot do without, checked to have the length of the scores. */
export function constantByToken(
  name: Exclude<ConstantName, 'advantage' | 'margin'>,
  constants: LossConstants,
  tokens: number,
  index: number,
): ArrayLike<number> {
  const values = constants[name]
  if (!values) throw missingConstant(name, index)
  requireLength(`${name} of sequence ${index}`, values, tokens)
  return values
}
