import { requireInteger, withoutReference } from '@posttrain/core'
import type { Outcome, Procedure, Reading, RewardFunction, RunOptions, Sample, Task } from '@posttrain/core'
import { waldTest, type WaldTestRule } from '@posttrain/estimators'
import { askReward } from '../ask-reward.js'
import { requireBy } from '../checks/require-functions.js'
import { decide } from '../internal/decide.js'
import { drawUntil } from '../internal/draw-until.js'
import { answersOf } from '../internal/voters.js'
import { checkedReading } from './vote-reading.js'

/** What is tested, and with which errors. */
export interface SequentialTestOptions extends WaldTestRule {
  /** Samples, at most. */
  readonly most: number
  /** The verifier whose passes are counted, a reward of at least 1 (default: agreement with the first answer). */
  readonly by?: RewardFunction | undefined
  /** For agreement: key of the answer that a sample gives; undefined if it gives none (default: the trimmed text). */
  readonly answerOf?: NonNullable<Reading['answerOf']> | undefined
}

/**
 * A sequential test with stated error rates: draws samples until `waldTest` decides between two rates, and answers only
 * where it decides for `high`; for `low` it gives up, and at the cap it abstains.
 *
 * With `by` the rate is that of samples which pass, and the answer is the first that did. Without, it is the rate at
 * which the samples after the first that gives an answer agree with it, and that is answered: given it, they are
 * independent trials of one rate. Where the rate is at most `low` it answers with probability α/(1−β) at most; where it
 * is at least `high`, it gives up with probability β/(1−α) at most. It has no objective.
 *
 * @returns a procedure named for instance `sprt@40 (0.4 or 0.6) by tests`
 * @throws PosttrainError `invalid-argument` for rates, error rates or a number of samples out of range
 * @example
 * ```ts
 * sequentialTest({ most: 40, low: 0.4, high: 0.6 }).name // => 'sprt@40 (0.4 or 0.6) by agreement'
 * ```
 */
export function sequentialTest(options: SequentialTestOptions): Procedure {
  const { most, by, low, high, alpha, beta } = options
  const rule: WaldTestRule = { low, high, alpha, beta }
  const { answerOf } = checkedReading('sequentialTest', options)
  requireInteger('most', most, { min: 1 })
  waldTest(0, 0, rule) // checks it
  if (by !== undefined) requireBy('sequentialTest', by)
  return {
    name: `sprt@${most} (${low} or ${high}) by ${by?.name ?? 'agreement'}`,
    ...(by ? { by } : { answerOf }),
    async run(sampler, task, runOptions = {}) {
      const trials = by ? passesOf(by, task, runOptions) : agreementsOf(answerOf, task)
      let verdict: ReturnType<typeof waldTest>
      const look = async (_: unknown, fresh: readonly Sample[]): Promise<'decided' | 'gave-up' | undefined> => {
        await trials.add(fresh)
        const { passed, counted } = trials
        verdict ??= waldTest(passed, counted - passed, rule)
        return verdict && (verdict === 'high' ? 'decided' : 'gave-up')
      }
      const drawn = await drawUntil(
        sampler,
        task,
        { most, atOnce: by?.comparesSamples ? most : 1, rule: look },
        runOptions,
      )
      const { passed, counted, first } = trials
      const seen = `${passed} of ${counted} samples ${by ? `passed ${by.name}` : 'agree with the first answer'}`
      const sample = verdict === 'high' ? drawn.samples[first] : undefined
      const decision = decide({
        task,
        drawn,
        outcomes: trials.outcomes,
        sample,
        reason: `${seen}: ${SAID[verdict ?? 'none']}`,
      })
      return by || !sample ? decision : { ...decision, answer: trials.answer }
    },
  }
}

const SAID = {
  high: 'the rate is decided to be the high one',
  low: 'the rate is decided to be the low one',
  none: 'not decided',
} as const

/** Trials of one rate, counted as samples come. */
interface Trials {
  readonly outcomes: Outcome[]
  passed: number
  counted: number
  /** Index of the sample that is answered if the rate is high. */
  first: number
  answer?: string | undefined
  add(fresh: readonly Sample[]): Promise<void>
}

const passesOf = (by: RewardFunction, task: Task, options: RunOptions): Trials => ({
  outcomes: [],
  passed: 0,
  counted: 0,
  first: -1,
  async add(fresh) {
    for (const outcome of await askReward(by, withoutReference(task), fresh, options)) {
      this.outcomes.push(outcome)
      const passes = outcome.kind === 'scored' && outcome.reward >= 1
      if (passes && this.first < 0) this.first = this.counted
      this.counted++
      this.passed += Number(passes)
    }
  },
})

const agreementsOf = (answerOf: NonNullable<Reading['answerOf']>, task: Task): Trials => {
  let drawn = 0
  return {
    outcomes: [],
    passed: 0,
    counted: 0,
    first: -1,
    async add(fresh) {
      for (const answer of answersOf(fresh, task, answerOf)) {
        if (this.answer !== undefined) {
          this.counted++
          this.passed += Number(answer === this.answer)
        } else if (answer !== undefined) {
          this.answer = answer
          this.first = drawn
        }
        drawn++
      }
    },
  }
}
