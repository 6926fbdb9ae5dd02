import { requireFinite, type Bias, type Group, type Sample, type ScoredOutcome } from '@posttrain/core'

/** Which samples of a task become training data. */
export interface KeepRule {
  readonly name: string
  /** Indices of the kept samples, in order. */
  keep(group: Group<ScoredOutcome>): readonly number[]
  /**
   * How the expectation of (1/n) Σ ∇log π(y) over the kept of n samples of a prompt relates to the gradient of the mean
   * reward at the policy that drew them, for rewards of 0 and 1.
   */
  bias(n: number): Bias
}

/** Rewards from here on are correct. */
const CORRECT = 1

const correctOf = ({ outcomes }: Group<ScoredOutcome>, correctFrom: number): number[] =>
  outcomes.flatMap(({ reward }, i) => (reward >= correctFrom ? [i] : []))

const changing = (reason: string): Bias => ({ kind: 'direction-changing', reason })

/**
 * Every correct sample, as often as it was drawn. E[(1/n) Σ 1{rᵢ = 1} ∇log π(yᵢ)] = E[r ∇log π] = ∇E[r]: one step on
 * all that was kept, divided by what was drawn, is on average a step of REINFORCE without a baseline.
 *
 * @param correctFrom least reward of a correct sample (default 1)
 * @example
 * ```ts
 * keepAllCorrect().bias(8) // => { kind: 'exact' }
 * ```
 */
export function keepAllCorrect(correctFrom: number = CORRECT): KeepRule {
  requireFinite('correctFrom', correctFrom)
  return {
    name: 'all correct',
    keep: (group) => correctOf(group, correctFrom),
    bias: () => ({ kind: 'exact' }),
  }
}

/**
 * One of each distinct correct sample. A completion counts when it turns up, not how often, which moves the policy
 * towards its rare correct completions: on average the gradient of (1/n) Σ over correct y of Σⱼ₌₁ⁿ (1 − (1 − π(y))ʲ)/j.
 *
 * @param options least reward of a correct sample (default 1), and when two samples are the same (default: equal texts)
 * @example
 * ```ts
 * keepDistinct().bias(1) // => { kind: 'exact' }
 * ```
 */
export function keepDistinct({
  correctFrom = CORRECT,
  key = textOf,
}: {
  readonly correctFrom?: number | undefined
  readonly key?: ((sample: Sample) => string) | undefined
} = {}): KeepRule {
  requireFinite('correctFrom', correctFrom)
  return {
    name: 'distinct correct',
    keep(group) {
      const seen = new Set<string>()
      return correctOf(group, correctFrom).filter((i) => seen.size < seen.add(key(group.samples[i]!)).size)
    },
    bias: (n) =>
      n === 1 ? { kind: 'exact' } : changing('a completion counts once however often it was drawn: rare ones gain'),
  }
}

const textOf = ({ text }: Sample): string => text

/**
 * The first correct sample of each task, so that easy tasks do not crowd out hard ones: on average the gradient of
 * (1/n) Σⱼ₌₁ⁿ pass@j / j, which for large n is that of the mean over tasks of log pass@1, divided by n.
 *
 * @param correctFrom least reward of a correct sample (default 1)
 * @example
 * ```ts
 * keepOnePerTask().bias(4).kind // => 'direction-changing'
 * ```
 */
export function keepOnePerTask(correctFrom: number = CORRECT): KeepRule {
  requireFinite('correctFrom', correctFrom)
  return {
    name: 'one correct per task',
    keep: (group) => correctOf(group, correctFrom).slice(0, 1),
    bias: (n) => (n === 1 ? { kind: 'exact' } : changing('prompts weigh (1 − (1 − p)ⁿ)/(n p): those of low p gain')),
  }
}

/**
 * The sample of the highest reward, whatever that is; of equals the first. On average the gradient of −(1/n) KL(π_BoN ‖
 * π) with the best-of-n distribution π_BoN held fixed: imitation of best-of-n.
 *
 * @param atLeast tasks whose best reward is lower are left out (default: none)
 * @example
 * ```ts
 * keepBest().bias(1) // => { kind: 'scaled', factor: 0 }
 * ```
 */
export function keepBest(atLeast?: number): KeepRule {
  if (atLeast !== undefined) requireFinite('atLeast', atLeast)
  return {
    name: atLeast === undefined ? 'best' : `best of at least ${atLeast}`,
    keep({ outcomes }) {
      const rewards = outcomes.map(({ reward }) => reward)
      const best = rewards.reduce((highest, reward, i) => (reward > rewards[highest]! ? i : highest), 0)
      return rewards.length > 0 && rewards[best]! >= (atLeast ?? -Infinity) ? [best] : []
    },
    bias: (n) =>
      n === 1 && atLeast === undefined
        ? { kind: 'scaled', factor: 0 }
        : changing('it imitates best-of-n: the gradient of −KL(best-of-n ‖ π)'),
  }
}
