import { withoutFailed, type Group, type Outcome } from '@posttrain/core'
import { constantAnswers } from '../monitor/constant-answers.js'
import type { JudgedSample } from '../monitor/disagreement.js'
import type { ReviewReason } from './review-row.js'

/** A sample with every reason there is to look at it; most have none. */
export interface SampleWithReasons extends JudgedSample {
  readonly why: readonly ReviewReason[]
}

/** What counts as a reason. */
export interface ReasonOptions {
  /** A part that is a second verdict. */
  readonly truth?: string | undefined
  /** A score from here on accepts. */
  readonly threshold: number
  /** Distance from the threshold within which a reward is near it. */
  readonly near: number
}

/** All samples that did not fail, with their reasons in the order of weight. */
export function samplesWithReasons(groups: readonly Group[], options: ReasonOptions): readonly SampleWithReasons[] {
  const suspects = suspectAnswers(groups, options)
  return groups.flatMap((whole) => {
    const { task, samples, outcomes } = withoutFailed(whole)
    const contradicted = contradictedAnswers(outcomes, options)
    return samples.map((sample, i) => {
      const outcome = outcomes[i]!
      const accepts = acceptsOf(outcome, options)
      const reasons: readonly (readonly [ReviewReason, boolean])[] = [
        ['contradiction', accepts !== undefined && contradicted.has(outcome.answer)],
        ['disagreement', differs(outcome, accepts, options)],
        ['signs', (outcome.parts?.['signs'] ?? 0) > 0],
        ['suspected hack', accepts === true && suspects.has(outcome.answer ?? sample.text.trim())],
        ['near the threshold', isNear(outcome, options)],
        ['unscored', outcome.kind === 'unscored'],
      ]
      return { task, sample, outcome, why: reasons.filter(([, holds]) => holds).map(([reason]) => reason) }
    })
  })
}

const acceptsOf = (outcome: Outcome, { threshold }: ReasonOptions): boolean | undefined =>
  outcome.kind === 'scored' ? outcome.reward >= threshold : undefined

/** Answers of a group that were accepted in one sample and refused in another. */
function contradictedAnswers(outcomes: readonly Outcome[], options: ReasonOptions): ReadonlySet<string | undefined> {
  const verdicts = new Map<string, boolean>()
  const contradicted = new Set<string | undefined>()
  for (const outcome of outcomes) {
    const accepts = acceptsOf(outcome, options)
    if (outcome.answer === undefined || accepts === undefined) continue
    if (verdicts.get(outcome.answer) === !accepts) contradicted.add(outcome.answer)
    verdicts.set(outcome.answer, accepts)
  }
  return contradicted
}

function differs({ parts }: Outcome, accepts: boolean | undefined, { truth, threshold }: ReasonOptions): boolean {
  const second = truth === undefined ? undefined : parts?.[truth]
  if (second === undefined || second === null || accepts === undefined) return false
  return accepts !== second >= threshold
}

const isNear = (outcome: Outcome, { threshold, near }: ReasonOptions): boolean =>
  outcome.kind === 'scored' && Math.abs(outcome.reward - threshold) < near

function suspectAnswers(groups: readonly Group[], { threshold }: ReasonOptions): ReadonlySet<string> {
  const found = constantAnswers(groups, { threshold }).filter(({ suspect }) => suspect)
  return new Set(found.map(({ answer }) => answer))
}
