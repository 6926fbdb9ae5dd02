import { invalidData, PosttrainError, quoted, textPrompt, type RewardFunction, type Task } from '@posttrain/core'
import { formatExpression, orderOperands, parseExpression, verifierReward } from '@posttrain/rewards'
import { extractAnswerExpression, verifyExpression } from './expression.js'
import { parsePrompt, type Game24Puzzle } from './prompt.js'
import { solutionOfTrace } from './solution.js'
import { verifyTrace } from './verify-trace.js'

/**
 * Judges any writing of a solution: a stepwise trace as `verifyTrace` reads it, or the expression on the last line as
 * `extractAnswerExpression` does. The answer is the expression with its operands in a fixed order.
 *
 * The puzzle is the task's reference, `4 9 10 13` or `24 : 4 9 10 13`, or its prompt where it has no reference.
 *
 * @returns a RewardFunction; it rejects with `invalid-data` for a task that is no puzzle
 * @example
 * ```ts
 * const usage = { promptTokens: 0, completionTokens: 0 }
 * const text = 'Answer: (13 - 9) * (10 - 4) = 24'
 * const sample = { id: 'a', taskId: 'a', index: 0, seed: 0, text, finish: 'stop', usage } as const
 * const [outcome] = await game24SolutionReward().score({ id: 'a', prompt: '', reference: '4 9 10 13' }, [sample])
 * outcome // => { kind: 'scored', reward: 1, answer: '(10 - 4) * (13 - 9)' }
 * ```
 */
export const game24SolutionReward = (): RewardFunction =>
  verifierReward('game24', (task) => {
    const { target, numbers } = puzzleOf(task)
    return (text) => {
      const traced = solutionOfTrace(text)
      if (traced !== undefined) return { correct: verifyTrace(text, numbers, target).correct, answer: traced }
      const written = extractAnswerExpression(text)
      return { correct: verifyExpression(written, numbers, target).correct, answer: keyOf(written) }
    }
  })

function puzzleOf(task: Task): Game24Puzzle {
  const puzzle = task.reference ?? textPrompt(task)
  if (puzzle.includes(':')) return parsePrompt(puzzle)
  const numbers = puzzle.trim().split(/[\s,]+/)
  if (numbers.length > 1 && numbers.every((text) => /^\d+$/.test(text))) {
    return { target: 24, numbers: numbers.map(Number) }
  }
  throw invalidData(`${quoted(puzzle)} of task ${quoted(task.id)} is no puzzle`, 'its numbers are written 4 9 10 13')
}

function keyOf(expression: string): string | undefined {
  try {
    return formatExpression(orderOperands(parseExpression(expression)))
  } catch (error) {
    if (error instanceof PosttrainError) return undefined
    throw error
  }
}
