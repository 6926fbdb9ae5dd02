import { textPrompt, type RewardFunction, type Sample } from '@posttrain/core'
import { verifierReward } from '@posttrain/rewards'
import { parsePrompt } from './prompt.js'
import { solutionOfTrace } from './solution.js'
import { verifyTrace } from './verify-trace.js'

/** The key of the solution that a sample proposes, in a fixed order of operands; undefined for no trace. */
export const game24Answer = ({ text }: Pick<Sample, 'text'>): string | undefined => solutionOfTrace(text)

/**
 * Judges the stepwise traces of `verifyTrace`: reward 1 for a solution, otherwise 0. The answer is the expression
 * the steps amount to, in a fixed order of operands; one key never has two rewards. A completion that is no trace has
 * no answer.
 *
 * The task's prompt is `24 : 4 9 10 13`.
 *
 * @example
 * ```ts
 * game24Reward().name // => 'game-of-24'
 * ```
 */
export const game24Reward = (): RewardFunction =>
  verifierReward('game-of-24', (task) => {
    const { target, numbers } = parsePrompt(textPrompt(task))
    return (text) => ({ correct: verifyTrace(text, numbers, target).correct, answer: game24Answer({ text }) })
  })
