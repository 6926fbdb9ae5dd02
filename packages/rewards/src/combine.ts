import { addUsage, invalidArgument, requireFinite, sum } from '@posttrain/core'
import type { Outcome, RewardFunction, StepReward } from '@posttrain/core'
import { askReward } from '@posttrain/sampling'

/** One term of a sum of rewards. */
export interface RewardTerm {
  readonly reward: RewardFunction
  readonly weight: number
}

/**
 * The weighted sum Σᵢ wᵢ·rᵢ of rewards, each of which stays readable by its name in `parts`.
 *
 * A sample is scored if every term scored it; a term that did not is `null` in `parts`, and the reason names it. The
 * answer is that of the first term which gives one. Rewards along the way are weighted like their term.
 *
 * @param name for reports
 * @param terms at least one; negative weights are penalties
 * @throws PosttrainError `invalid-argument` for no term, two parts of one name or a weight that is not finite
 * @example
 * ```ts
 * const short: RewardFunction = {
 *   name: 'short',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: 1 / (1 + text.length) })),
 * }
 * const shaped = combine('right and short', [{ reward: answerMatches(), weight: 1 }, { reward: short, weight: 0.1 }])
 * shaped.gives // => ['answer-matches', 'short']
 * ```
 */
export function combine(name: string, terms: readonly RewardTerm[]): RewardFunction {
  if (terms.length === 0) throw invalidArgument(`${name} must have at least one term`)
  const gives = terms.flatMap(({ reward }) => [reward.name, ...(reward.gives ?? [])])
  const twice = gives.find((part, i) => gives.indexOf(part) !== i)
  if (twice !== undefined)
    throw invalidArgument(`${name} has two parts called ${twice}`, 'give the rewards other names')
  for (const { reward, weight } of terms) requireFinite(`the weight of ${reward.name} in ${name}`, weight)
  return {
    name,
    gives,
    ...(terms.some(({ reward }) => reward.comparesSamples) && { comparesSamples: true }),
    async score(task, samples, options = {}) {
      const byTerm = await Promise.all(terms.map(({ reward }) => askReward(reward, task, samples, options)))
      return samples.map((_, i) =>
        combined(
          terms,
          byTerm.map((outcomes) => outcomes[i]!),
        ),
      )
    },
  }
}

/** The outcome of one sample, from one outcome per term. */
function combined(terms: readonly RewardTerm[], outcomes: readonly Outcome[]): Outcome {
  const answer = outcomes.find((outcome) => outcome.answer !== undefined)?.answer
  const steps = outcomes.flatMap(({ steps = [] }, i) => steps.map((step) => weighted(step, terms[i]!.weight)))
  const usages = outcomes.flatMap(({ usage }) => (usage === undefined ? [] : [usage]))
  const judgement = {
    parts: partsOf(terms, outcomes),
    ...(answer !== undefined && { answer }),
    ...(steps.length > 0 && { steps: steps.sort((a, b) => a.end - b.end) }),
    ...(usages.length > 0 && { usage: addUsage(usages) }),
  }
  const missing = outcomes.findIndex(({ kind }) => kind === 'unscored')
  if (missing < 0)
    return { ...judgement, kind: 'scored', reward: sum(outcomes.map((o, i) => valueOf(o)! * terms[i]!.weight)) }
  const { reason } = outcomes[missing] as Extract<Outcome, { kind: 'unscored' }>
  return { ...judgement, kind: 'unscored', reason: `${terms[missing]!.reward.name}: ${reason}` }
}

const valueOf = (outcome: Outcome): number | null => (outcome.kind === 'scored' ? outcome.reward : null)

const weighted = ({ end, reward }: StepReward, weight: number): StepReward => ({ end, reward: reward * weight })

function partsOf(terms: readonly RewardTerm[], outcomes: readonly Outcome[]): Record<string, number | null> {
  return Object.assign(
    {},
    ...outcomes.map((outcome, i) => ({ [terms[i]!.reward.name]: valueOf(outcome), ...outcome.parts })),
  ) as Record<string, number | null>
}
