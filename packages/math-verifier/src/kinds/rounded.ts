import { rational } from '@posttrain/rewards'
import { normalise } from '../read/normalise.js'
import { orderOf } from '../value/sign.js'
import { addQuotients, multiply, whole } from '../value/quotient.js'
import { constant, integer } from '../value/sum.js'
import { Undecided } from '../limits/undecided.js'
import type { Answer } from './answer.js'
import type { Equality } from './compare.js'

/**
 * Whether one of two values, being written as a decimal, is the other one rounded to the digits it has.
 *
 * A decimal with d digits after the point stands for all numbers within ½·10^−d of it, both ends included.
 */
export function roundsTo(texts: readonly [string, string], answers: readonly [Answer, Answer]): Equality {
  const verdicts = [0, 1].map((at) => isRounding(texts[at]!, answers[at]!, answers[1 - at]!))
  return verdicts.includes(true) ? true : (verdicts.find((verdict) => typeof verdict === 'string') ?? false)
}

function isRounding(text: string, given: Answer, exact: Answer): Equality {
  const digits = /^[-+]?[\d,]*\.(\d+)\D*$/.exec(normalise(text))?.[1]?.length
  const [a, b] = [inner(given), inner(exact)]
  if (digits === undefined || a === undefined || b === undefined) return false
  const half = whole(constant(rational(1n, 2n * 10n ** BigInt(digits))))
  try {
    const [low, high] = [-1, 1].map((sign) => addQuotients(a, multiply(half, whole(integer(sign)))))
    return orderOf(b, low!) >= 0 && orderOf(b, high!) <= 0
  } catch (error) {
    if (error instanceof Undecided) return error.message
    throw error
  }
}

const inner = (answer: Answer): Extract<Answer, { kind: 'value' }>['value'] | undefined =>
  answer.kind === 'labelled' ? inner(answer.answer) : answer.kind === 'value' ? answer.value : undefined
