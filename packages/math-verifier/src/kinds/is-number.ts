import { rationalOf } from '../value/sum.js'
import type { Answer } from './answer.js'

/** Whether an answer is a rational number, with or without unit or percent sign; undefined where it is not known. */
export function isNumber(answer: Answer): boolean | undefined {
  if (answer.kind === 'labelled') return isNumber(answer.answer)
  if (answer.kind === 'unknown') return undefined
  if (answer.kind !== 'value' && answer.kind !== 'percent') return false
  return rationalOf(answer.value.bottom) !== undefined && rationalOf(answer.value.top) !== undefined
}
