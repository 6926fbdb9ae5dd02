import { createStream, shuffled, type RandomStream } from '@posttrain/core'
import type { Tokenizer } from '@posttrain/text'
import type { PretrainingExample } from '../recipe.js'
import { writePrompt } from './prompt.js'
import { nameOf, type Splits } from './puzzles.js'
import { combinations, solutions, type Step } from './steps.js'
import { writeTrace } from './trace.js'

/** Share of a batch that solves training puzzles; the rest are walks to other targets, which cannot be memorised. */
const TARGET_24_SHARE = 0.2
/** Products and quotients are rarer than sums among random steps: chosen this much more often. */
const PRODUCT_WEIGHT = 1.5

/**
 * Batches for supervised training: solutions of training puzzles, and random walks — four random numbers combined at
 * random, with whatever they end in (except 24) as the stated target. No walk starts from a validation or held-out
 * multiset.
 */
export function pretrainingBatches(
  splits: Splits,
  tokenizer: Tokenizer,
  batchSize: number,
  seed: number,
): (step: number) => PretrainingExample[] {
  const solved = splits.train
    .map((puzzle) => ({ puzzle, solutions: solutions(puzzle) }))
    .filter((entry) => entry.solutions.length > 0)
  const reserved = new Set([...splits.validation, ...splits.heldOut].map(nameOf))
  const example = (
    numbers: readonly number[],
    target: number,
    steps: readonly Step[],
    stream: RandomStream,
  ): PretrainingExample => ({
    prompt: writePrompt(shuffled(numbers, stream), target),
    tokens: tokenizer.encode(writeTrace(steps.map((step) => ({ ...step, rest: shuffled(step.rest, stream) })))),
  })

  return (step) => {
    const stream = createStream(seed, 'pretraining batch', step)
    return Array.from({ length: batchSize }, (_, i) => {
      if (i < Math.floor(batchSize * TARGET_24_SHARE)) {
        const { puzzle, solutions } = solved[stream.integer(solved.length)]!
        return example(puzzle, 24, solutions[stream.integer(solutions.length)]!, stream)
      }
      const { numbers, target, steps } = randomWalk(reserved, stream)
      return example(numbers, target, steps, stream)
    })
  }
}

/** A random solved puzzle with a target other than 24, whose numbers are not reserved. */
export function randomWalk(
  reserved: ReadonlySet<string>,
  stream: RandomStream,
): { numbers: number[]; target: number; steps: Step[] } {
  for (;;) {
    const numbers = Array.from({ length: 4 }, () => 1 + stream.integer(13))
    if (reserved.has(nameOf(numbers))) continue
    const steps: Step[] = []
    let left = numbers
    while (left.length > 1) {
      const [x, y, ...rest] = shuffled(left, stream) as [number, number, ...number[]]
      const [a, b] = [Math.max(x, y), Math.min(x, y)]
      const { operator, result } = weightedChoice(combinations(a, b), stream)
      steps.push({ a, operator, b, rest, result })
      left = [...rest, result]
    }
    if (left[0] !== 24) return { numbers, target: left[0]!, steps }
  }
}

function weightedChoice(choices: ReturnType<typeof combinations>, stream: RandomStream): (typeof choices)[number] {
  const weights = choices.map(({ operator }) => (operator === '*' || operator === '/' ? PRODUCT_WEIGHT : 1))
  let remaining = stream.uniform() * weights.reduce((sum, weight) => sum + weight, 0)
  return choices.find((_, i) => (remaining -= weights[i]!) < 0) ?? choices.at(-1)!
}
