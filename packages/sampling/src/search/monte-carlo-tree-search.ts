import { requireFinite, requireInteger, requireOneOf, type Procedure, type RewardFunction } from '@posttrain/core'
import { requireBy, requireReward } from '../checks/require-functions.js'
import { Frontier } from './frontier.js'
import { SearchRun } from './search-run.js'
import { requireStepOptions, type StepOptions } from './step-options.js'
import { rewardScorer } from './step-scorer.js'
import { VisitTree } from './visit-tree.js'

/** Monte-Carlo tree search. */
export interface MonteCarloTreeSearchOptions extends StepOptions {
  readonly simulations: number
  /** Children drawn below a node when it is expanded. */
  readonly width: number
  /** `uct`: every child once, then the upper confidence bound. `puct`: by priors. See `uctScore` and `puctScore`. */
  readonly selection: 'uct' | 'puct'
  /** Weight of what is little known (default √2). */
  readonly c?: number | undefined
  /** Of a step for `puct`: the same for all siblings (default), or by its value, of at least 0. */
  readonly priors?: 'uniform' | 'value' | undefined
  /** What a completion is worth, on its way and at its end. It sees no reference. */
  readonly by: RewardFunction
  /** A step is worth what a completion that is drawn from it is; without, what `by` says of it (default false). */
  readonly rollouts?: boolean | undefined
  /** What a whole completion is worth (default: what `by` says). It sees no reference. */
  readonly verify?: RewardFunction | undefined
}

/**
 * Monte-Carlo tree search over steps: each simulation selects a way down, expands the last node if it was visited
 * before, evaluates a new node by its value or by a rollout, and backs that up. It answers with the best whole
 * completion that it saw, rollouts too, and never with one that is unfinished. Among equals the lexicographically
 * first path is better.
 *
 * It draws at most simulations · (width + 1) samples with rollouts and simulations · width without.
 *
 * @returns a procedure named `mcts:SIMULATIONS,width=WIDTH,selection=SELECTION by NAME`
 * @throws PosttrainError `invalid-argument` for a count that is no positive integer, a negative c, a missing `by`, or
 *   where nothing ends a step
 * @example
 * ```ts
 * const by: RewardFunction = {
 *   name: 'steps',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text.length })),
 * }
 * const search = monteCarloTreeSearch({ simulations: 32, selection: 'uct', width: 4, by, stop: ['\n\n'] })
 * search.name // => 'mcts:32,width=4,selection=uct by steps'
 * ```
 */
export function monteCarloTreeSearch(options: MonteCarloTreeSearchOptions): Procedure {
  const { simulations, width, selection, c = Math.SQRT2, priors = 'uniform', by, rollouts = false } = options
  requireInteger('simulations', simulations, { min: 1 })
  requireInteger('width', width, { min: 1 })
  requireOneOf('selection', selection, ['uct', 'puct'])
  requireFinite('c', c, { min: 0 })
  requireOneOf('priors', priors, ['uniform', 'value'])
  requireBy('monteCarloTreeSearch', by)
  if (options.verify !== undefined) requireReward('verify', options.verify)
  requireStepOptions('monteCarloTreeSearch', options)
  const { stop, maxTokensPerStep } = options
  const verify = options.verify ?? (rollouts ? by : undefined)
  const most = simulations * (width + (rollouts ? 1 : 0))
  return {
    name: `mcts:${simulations},width=${width},selection=${selection} by ${by.name}`,
    by,
    async run(sampler, task, given = {}) {
      const run = new SearchRun(sampler, task, most, given)
      const frontier = new Frontier(run, { stop, maxTokensPerStep, scorer: rewardScorer(by), verify })
      const tree = new VisitTree(run, frontier, { selection, c, width, priors, rollouts })
      for (let i = 0; i < simulations && !run.isCapped; i++) if (!(await tree.simulate())) break
      return frontier.decide()
    },
  }
}
