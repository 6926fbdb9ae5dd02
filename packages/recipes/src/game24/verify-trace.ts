import { requireInteger } from '@posttrain/core'
import { equalRationals, rational, type Rational, type Verdict } from '@posttrain/rewards'
import { isExact, list, parseTrace, sameMultiset } from './trace.js'

/**
 * Whether a stepwise trace solves a puzzle. Tokens are separated by single spaces, steps by `|`, and `.` ends the
 * trace; a step names two operands with their operator, the numbers that remain, and the result. Every step must be
 * exact, its operands and remaining numbers must be exactly the numbers there are, and the last result the target.
 *
 * @param text for four numbers `a o b r r c | a o b r c | a o b c .`
 * @param numbers the integers of the puzzle
 * @param target the integer to be reached
 * @throws PosttrainError `invalid-argument` for numbers that are not integers; a wrong trace is a verdict.
 * @example
 * ```ts
 * verifyTrace('13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .', [4, 9, 10, 13], 24).correct // => true
 * verifyTrace('13 - 9 4 10 5 | 10 - 4 5 6 | 6 * 5 30 .', [4, 9, 10, 13], 24).reason // => 'step 1 says 13 - 9 is 5'
 * ```
 */
export function verifyTrace(text: string, numbers: readonly number[], target = 24): Verdict {
  let current: readonly Rational[] = numbers.map((n, i) => rational(BigInt(requireInteger(`numbers[${i}]`, n))))
  requireInteger('target', target)
  const wrong = (reason: string): Verdict => ({ correct: false, reason })
  const steps = parseTrace(text)
  if (typeof steps === 'string') return wrong(steps)
  for (const [index, step] of steps.entries()) {
    const { left, operator, right, remaining, result } = step
    const used = [left, right, ...remaining]
    if (!sameMultiset(used, current))
      return wrong(`step ${index + 1} has ${list(used)} where ${list(current)} are left`)
    if (!isExact(step)) {
      return wrong(`step ${index + 1} says ${list([left])} ${operator} ${list([right])} is ${list([result])}`)
    }
    current = [...remaining, result]
  }
  const correct = current.length === 1 && equalRationals(current[0]!, rational(BigInt(target)))
  return { correct, reason: `every step is exact and the result is ${list(current)}` }
}
