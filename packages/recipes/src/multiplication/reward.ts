import { textPrompt, type RewardFunction, type Sample, type Task } from '@posttrain/core'
import { verifierReward } from '@posttrain/rewards'
import { parsePrompt } from './grammar.js'

/** The number that a completion's last block says; undefined for a malformed block. */
export function multiplicationAnswer({ text }: Pick<Sample, 'text'>, task: Task): string | undefined {
  const [x, y] = parsePrompt(textPrompt(task))
  const lastBlock = new RegExp(`^(?:.* ; )?(\\d(?: \\d){${x.length + y.length - 1}}) \\.$`)
  const digits = lastBlock.exec(text.trim())?.[1]?.split(' ').reverse().join('')
  return digits === undefined ? undefined : String(BigInt(digits))
}

/**
 * Judges the last block of a completion, between its last `;` and the closing `.`: reward 1 if it is the product,
 * otherwise 0. The answer is the number it says, so that votes are over numbers; a malformed block has no answer. The
 * partial products before it are the model's own business.
 *
 * The task's prompt is `multiplicationPrompt`'s.
 *
 * @example
 * ```ts
 * multiplicationReward().name // => 'multiplication'
 * ```
 */
export const multiplicationReward = (): RewardFunction =>
  verifierReward('multiplication', (task) => {
    const [x, y] = parsePrompt(textPrompt(task))
    const product = String(BigInt(x) * BigInt(y))
    return (text) => {
      const answer = multiplicationAnswer({ text }, task)
      return { correct: answer === product, answer }
    }
  })
