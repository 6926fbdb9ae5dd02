import { addUsage, invalidArgument, requireFinite, requireOneOf } from '@posttrain/core'
import type { Outcome, RewardFunction, StepReward } from '@posttrain/core'
import { askReward } from '@posttrain/sampling'
import { combinations, type CombinationRule, type WeightedTerm } from './combinations.js'

/** One of the rewards that are combined. */
export interface RewardTerm {
  readonly reward: RewardFunction
  readonly weight: number
  /** A gate: where the reward is less than this, the terms after it do not count (default: no gate). */
  readonly atLeast?: number | undefined
}

/** How terms become one reward. */
export interface CombineOptions {
  /**
   * `sum`: Σᵢ wᵢ·rᵢ (default). `product`: ∏ᵢ rᵢ^wᵢ, for rewards of at least 0. `minimum`: minᵢ wᵢ·rᵢ, the worst case of
   * an ensemble. `mean-variance`: the mean of wᵢ·rᵢ less λ times their variance, the mean square over all terms, which
   * penalises what the members of an ensemble disagree on. `lexicographic`: the share of the other
   * samples of the task that are worse in the first term in which the two differ, a tie counting half; a weight below 0
   * turns its order round.
   */
  readonly rule?: CombinationRule | undefined
  /** λ of `mean-variance`, at least 0 (default 1). */
  readonly penalty?: number | undefined
}

/**
 * Several rewards as one, each of which stays readable by its name in `parts`.
 *
 * A sample is scored if every term that counts scored it; a term that did not is `null` in `parts`, and the reason
 * names it. The answer is that of the first term which gives one. In a sum, rewards along the way are
 * weighted like their term; other rules have none.
 *
 * Worst case and uncertainty penalty: Coste et al. 2023, https://arxiv.org/abs/2310.02743
 *
 * @param name for reports
 * @param terms at least one; in a sum, negative weights are penalties
 * @throws PosttrainError `invalid-argument` for no term, two parts of one name, a weight that is not finite, or one
 *   that the rule cannot use; the reward throws `invalid-data` for a product with a reward below 0
 * @example
 * ```ts
 * const short: RewardFunction = {
 *   name: 'short',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: 1 / (1 + text.length) })),
 * }
 * const shaped = combine('right and short', [
 *   { reward: answerMatches(), weight: 1, atLeast: 1 },
 *   { reward: short, weight: 0.1 },
 * ])
 * shaped.gives // => ['answer-matches', 'short']
 * ```
 */
export function combine(name: string, terms: readonly RewardTerm[], options: CombineOptions = {}): RewardFunction {
  const { rule = 'sum', penalty = 1 } = options
  requireFinite('penalty', penalty, { min: 0 })
  requireOneOf('rule', rule, Object.keys(combinations) as CombinationRule[])
  const gives = requireTerms(name, terms, rule)
  const compares = rule === 'lexicographic' || terms.some(({ reward }) => reward.comparesSamples)
  return {
    name,
    gives,
    ...(compares && { comparesSamples: true }),
    async score(task, samples, options = {}) {
      const byTerm = await Promise.all(terms.map(({ reward }) => askReward(reward, task, samples, options)))
      const bySample = samples.map((_, i) => byTerm.map((outcomes) => outcomes[i]!))
      const counting = bySample.map((outcomes) => countingTerms(terms, outcomes))
      const rewards = combinations[rule](
        counting.map((counted) => (isWhole(counted) ? counted : undefined)),
        { name, penalty },
      )
      return bySample.map((outcomes, i): Outcome => {
        const judgement = judgementOf(terms, outcomes, rule === 'sum' ? counting[i]!.length : 0)
        const missing = counting[i]!.findIndex(({ value }) => value === undefined)
        if (missing < 0) return { ...judgement, kind: 'scored', reward: rewards[i]! }
        const { reason } = outcomes[missing] as Extract<Outcome, { kind: 'unscored' }>
        return { ...judgement, kind: 'unscored', reason: `${terms[missing]!.reward.name}: ${reason}` }
      })
    },
  }
}

/** @returns the names of all parts */
function requireTerms(name: string, terms: readonly RewardTerm[], rule: CombinationRule): readonly string[] {
  if (terms.length === 0) throw invalidArgument(`${name} must have at least one term`)
  const gives = terms.flatMap(({ reward }) => [reward.name, ...(reward.gives ?? [])])
  const twice = gives.find((part, i) => gives.indexOf(part) !== i)
  if (twice !== undefined)
    throw invalidArgument(`${name} has two parts called ${twice}`, 'give the rewards other names')
  for (const { reward, weight, atLeast } of terms) {
    requireFinite(`the weight of ${reward.name} in ${name}`, weight, rule === 'product' ? { above: 0 } : {})
    if (rule === 'lexicographic' && weight === 0) throw invalidArgument(`the weight of ${reward.name} in ${name} is 0`)
    if (atLeast !== undefined) requireFinite(`atLeast of ${reward.name} in ${name}`, atLeast)
  }
  return gives
}

/** The terms up to the first gate that is closed; without a score no gate is open. */
function countingTerms(terms: readonly RewardTerm[], outcomes: readonly Outcome[]): readonly PartialTerm[] {
  const values = outcomes.map((outcome) => (outcome.kind === 'scored' ? outcome.reward : undefined))
  const closed = terms.findIndex(({ atLeast }, i) => atLeast !== undefined && !((values[i] ?? -Infinity) >= atLeast))
  const counted = closed < 0 ? terms : terms.slice(0, closed + 1)
  return counted.map(({ reward, weight }, i) => ({ name: reward.name, weight, value: values[i] }))
}

type PartialTerm = Omit<WeightedTerm, 'value'> & { readonly value: number | undefined }

const isWhole = (terms: readonly PartialTerm[]): terms is readonly WeightedTerm[] =>
  terms.every(({ value }) => value !== undefined)

/** What one sample's outcomes say beside its reward. */
function judgementOf(
  terms: readonly RewardTerm[],
  outcomes: readonly Outcome[],
  withSteps: number,
): Omit<Outcome, 'kind' | 'reward'> {
  const answer = outcomes.find((outcome) => outcome.answer !== undefined)?.answer
  const steps = outcomes
    .slice(0, withSteps)
    .flatMap(({ steps = [] }, i) => steps.map((step) => weighted(step, terms[i]!.weight)))
  const usages = outcomes.flatMap(({ usage }) => (usage === undefined ? [] : [usage]))
  return {
    parts: partsOf(terms, outcomes),
    ...(answer !== undefined && { answer }),
    ...(steps.length > 0 && { steps: steps.sort((a, b) => a.end - b.end) }),
    ...(usages.length > 0 && { usage: addUsage(usages) }),
  }
}

const weighted = ({ end, reward }: StepReward, weight: number): StepReward => ({ end, reward: reward * weight })

function partsOf(terms: readonly RewardTerm[], outcomes: readonly Outcome[]): Record<string, number | null> {
  return Object.assign(
    {},
    ...outcomes.map((outcome, i) => ({
      [terms[i]!.reward.name]: outcome.kind === 'scored' ? outcome.reward : null,
      ...outcome.parts,
    })),
  ) as Record<string, number | null>
}
