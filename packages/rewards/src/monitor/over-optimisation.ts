import {
  invalidArgument,
  mean,
  requireFinite,
  requireFiniteArray,
  requireInteger,
  requireLength,
  type Estimate,
} from '@posttrain/core'
import { studentInterval } from '@posttrain/estimators'

/** An evaluation during training, of the same held-out tasks every time. */
export interface ProxyAndGoldEvaluation {
  readonly step: number
  /** Mean proxy reward of each task's samples: of what training maximises. */
  readonly proxy: readonly number[]
  /** Mean gold reward of each task's samples: of what is wanted. */
  readonly gold: readonly number[]
}

/** A change between two windows of evaluations, paired by task. */
type PairedChange = NonNullable<OverOptimisationVerdict['gold']>

/** What the evaluations so far say. */
export interface OverOptimisationVerdict {
  readonly stop: boolean
  /** Why, or why not, in one sentence with the figures. */
  readonly reason: string
  /** The evaluation to go back to: in the middle of the window with the best mean gold reward. */
  readonly bestStep: number
  /** From the best window to the latest, paired by task; absent until there are two windows apart. */
  readonly gold?: Pick<Estimate, 'value' | 'interval'> | undefined
  readonly proxy?: Pick<Estimate, 'value' | 'interval'> | undefined
}

/** Fewest tasks for which a t quantile far in the tail is any guide. */
const FEWEST_TASKS = 10

/**
 * Early stopping against reward over-optimisation: stop when the proxy rises and the gold falls.
 *
 * The latest `patience` evaluations, averaged task by task, are compared with the best earlier such window by paired
 * differences over tasks. It says stop when gold is below with certainty and proxy above. "With certainty" counts every
 * comparison that could have been made: at the j-th look there are j earlier windows, and each comparison is a
 * one-sided t test at level falseStopRate / (j²(j + 1)). Over all looks these add up to `falseStopRate`, so that the
 * chance of stopping a run whose gold never falls is no more than that, however lucky the best window was and however
 * long the run. A pure function of what was seen: call it after each evaluation, around any training loop.
 *
 * The problem and its law: Gao et al. 2022, https://arxiv.org/abs/2210.10760
 *
 * @param evaluations in the order of training
 * @throws PosttrainError `invalid-argument` for no evaluations, fewer than ten tasks, or evaluations of different
 *   numbers of tasks
 * @example
 * ```ts
 * const seen = [0, 1, 2, 3, 4, 5, 6, 7].map((step) => ({
 *   step,
 *   proxy: Array.from({ length: 20 }, () => step),
 *   gold: Array.from({ length: 20 }, (_, task) => task - (step - 3) ** 2),
 * }))
 * overOptimisation(seen.slice(0, 5)).stop // => false
 * const { stop, bestStep } = overOptimisation(seen)
 * stop // => true
 * bestStep // => 3
 * ```
 */
export function overOptimisation(
  evaluations: readonly ProxyAndGoldEvaluation[],
  {
    patience = 3,
    falseStopRate = 0.05,
  }: {
    /** Evaluations that are averaged before they are compared (default 3). */
    readonly patience?: number | undefined
    /** Greatest probability of ever stopping while gold does not fall, over all evaluations (default 0.05). */
    readonly falseStopRate?: number | undefined
  } = {},
): OverOptimisationVerdict {
  requireInteger('patience', patience, { min: 1 })
  requireFinite('falseStopRate', falseStopRate, { min: 1e-6, max: 0.5 })
  requireEvaluations(evaluations)
  // A window goes by the index of its last evaluation; the latest is compared with those that share none of its
  // evaluations.
  const latest = evaluations.length - 1
  const candidates = Array.from({ length: Math.max(0, latest - 2 * patience + 2) }, (_, i) => i + patience - 1)
  const means = evaluations.map(({ gold }) => mean(gold))
  const windowMean = (last: number): number => mean(means.slice(last - patience + 1, last + 1))
  if (candidates.length === 0) {
    const reason = `two windows of ${patience} evaluations are needed, and there are ${evaluations.length} evaluations`
    return { stop: false, reason, bestStep: evaluations[means.indexOf(Math.max(...means))]!.step }
  }
  const best = candidates.reduce((high, last) => (windowMean(last) > windowMean(high) ? last : high))
  const windowAt = (last: number, of: 'proxy' | 'gold'): Float64Array => {
    const window = evaluations.slice(last - patience + 1, last + 1)
    return Float64Array.from(window[0]![of], (_, task) => mean(window.map((seen) => seen[of][task]!)))
  }
  const looks = candidates.length
  const gold = change(windowAt(best, 'gold'), windowAt(latest, 'gold'), falseStopRate / (looks ** 2 * (looks + 1)))
  const proxy = change(windowAt(best, 'proxy'), windowAt(latest, 'proxy'), falseStopRate)
  const [falls, rises] = [gold.interval.upper < 0, proxy.interval.lower > 0]
  return {
    stop: falls && rises,
    reason: reasonOf(falls, rises, gold, proxy),
    bestStep: middleOf(evaluations, gold.value > 0 ? latest : best, patience),
    gold,
    proxy,
  }
}

function reasonOf(falls: boolean, rises: boolean, gold: PairedChange, proxy: PairedChange): string {
  const figures = `since the best window gold changed by ${described(gold)} and proxy by ${described(proxy)}`
  if (falls && rises) return `over-optimised: ${figures}`
  if (falls) return `gold falls, but proxy does not rise, so the proxy is not to blame: ${figures}`
  return `gold has not fallen with certainty: ${figures}`
}

const described = ({ value, interval }: PairedChange): string =>
  `${value.toPrecision(3)} [${interval.lower.toPrecision(3)}, ${interval.upper.toPrecision(3)}]`

/** The change task by task, with the interval whose either end is a one-sided bound of the level. */
const change = (from: Float64Array, to: Float64Array, oneSided: number): PairedChange => {
  const differences = to.map((value, task) => value - from[task]!)
  return { value: mean(differences), interval: studentInterval(differences, { level: 1 - 2 * oneSided }) }
}

/** The step in the middle of the window that ends with an evaluation; of two, the earlier. */
const middleOf = (evaluations: readonly ProxyAndGoldEvaluation[], last: number, patience: number): number =>
  evaluations[last - Math.floor(patience / 2)]!.step

function requireEvaluations(evaluations: readonly ProxyAndGoldEvaluation[]): void {
  const tasks = evaluations[0]?.gold.length
  if (tasks === undefined) throw invalidArgument('evaluations is empty')
  if (tasks < FEWEST_TASKS) {
    throw invalidArgument(`gold has ${tasks} tasks, but at least ${FEWEST_TASKS} are needed`, 'evaluate more tasks')
  }
  evaluations.forEach(({ proxy, gold }, i) => {
    requireLength(`evaluations[${i}].gold`, gold, tasks)
    requireLength(`evaluations[${i}].proxy`, proxy, tasks)
    requireFiniteArray(`evaluations[${i}].gold`, gold)
    requireFiniteArray(`evaluations[${i}].proxy`, proxy)
  })
}
