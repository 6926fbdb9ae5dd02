import fc from 'fast-check'
import type { Outcome, ScoredOutcome } from '@posttrain/core'

/** A reward: often a small whole number, so that ties occur, otherwise any number from −10 to 10. */
export const reward = (): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: -2, max: 2 }),
    fc.double({ min: -10, max: 10, noNaN: true }).map((r) => r + 0),
  )

/** Bounds on the size of what is generated. */
export interface LengthBounds {
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
}

/** Reward vectors of one task. */
export const rewardVector = ({ minLength = 1, maxLength = 8 }: LengthBounds = {}): fc.Arbitrary<number[]> =>
  fc.array(reward(), { minLength, maxLength })

/** The outcome of a verifier: reward 0 or 1, no answer. */
export const binaryOutcome = (): fc.Arbitrary<ScoredOutcome> =>
  fc.constantFrom(0, 1).map((r) => ({ kind: 'scored', reward: r }))

/** An outcome with any reward and no answer. */
export const rewardOutcome = (): fc.Arbitrary<ScoredOutcome> => reward().map((r) => ({ kind: 'scored', reward: r }))

/** An outcome with one of few answers, or none, and a reward that need not agree with others of the same answer. */
export const answerOutcome = (): fc.Arbitrary<ScoredOutcome> =>
  fc
    .record({ reward: reward(), answer: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined, freq: 4 }) })
    .map(({ reward: r, answer }) => ({ kind: 'scored', reward: r, ...(answer === undefined ? {} : { answer }) }))

/** An outcome with another function's reward beside the one that counts, sometimes null: for what is chosen by it. */
export const partOutcome = (by: string): fc.Arbitrary<ScoredOutcome> =>
  fc
    .record({ reward: reward(), part: fc.option(reward(), { nil: null, freq: 4 }) })
    .map(({ reward: r, part }) => ({ kind: 'scored', reward: r, parts: { [by]: part } }))

/** A group as a reward function returns it: scored, unparsed and unscored members, ties among rewards and answers. */
export const outcomeGroup = ({ minLength = 1, maxLength = 8 }: LengthBounds = {}): fc.Arbitrary<Outcome[]> =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: answerOutcome() },
      {
        weight: 1,
        arbitrary: fc.constantFrom('timeout', 'no verdict').map((reason): Outcome => ({ kind: 'unscored', reason })),
      },
    ),
    { minLength, maxLength },
  )

/** n samples of which c are correct. */
export const successCount = (maxSamples: number = 200): fc.Arbitrary<{ n: number; c: number }> =>
  fc.integer({ min: 1, max: maxSamples }).chain((n) => fc.integer({ min: 0, max: n }).map((c) => ({ n, c })))

/** How often each of a few answers was given, and what it is worth. */
export const countTable = (
  maxAnswers: number = 4,
  maxCount: number = 5,
): fc.Arbitrary<{ count: number; reward: number }[]> =>
  fc.array(fc.record({ count: fc.integer({ min: 1, max: maxCount }), reward: reward() }), {
    minLength: 1,
    maxLength: maxAnswers,
  })
