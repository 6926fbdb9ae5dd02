import {
  invalidArgument,
  requireFinite,
  requireInteger,
  type Procedure,
  type Prompt,
  type RewardFunction,
  type Task,
} from '@posttrain/core'
import { requireReward } from '../checks/require-functions.js'
import { mostOfBreadth, searchBreadthFirst } from './breadth-first.js'
import { searchDepthFirst, type DepthFirst } from './depth-first.js'
import { SearchRun } from './search-run.js'
import { requireStepOptions, type StepOptions } from './step-options.js'
import { rewardScorer } from './step-scorer.js'
import { evaluatorScorer, repliesOf, type ThoughtEvaluator } from './thought-evaluator.js'

/** What thoughts are, and how they are proposed and evaluated. */
export interface ThoughtOptions extends StepOptions {
  /**
   * Asks for the next thought, of the task without its reference and the text so far, which the sampler continues
   * (default: the task's prompt asks).
   */
  readonly propose?: ((task: Task, text: string) => Prompt) | undefined
  /** What a thought is worth: a reward of the text so far, or a question to the model itself. */
  readonly evaluate: RewardFunction | ThoughtEvaluator
  /** Thoughts proposed below each. */
  readonly width: number
  /** Thoughts of a completion, at most; what is not finished by then is not answered. */
  readonly depth: number
}

/** Breadth-first keeps the best thoughts of each depth, depth-first goes down the best first. */
export type TreeOfThoughtsOptions = ThoughtOptions & ({ readonly breadth: number } | DepthFirst)

/**
 * Tree of thoughts (Yao et al. 2023, https://arxiv.org/abs/2305.10601): proposes thoughts, evaluates them, and
 * selects. With `breadth` it keeps the best thoughts of each depth. With a `goal` it goes down the best thought
 * first, passes over those of the `threshold` or less, goes back, and stops at a whole completion that is worth the
 * goal. It answers with the best whole completion, and never with one that is unfinished. Among equals the
 * lexicographically first path is better.
 *
 * Breadth-first it draws at most Σ over depths d = 0 … depth − 1 of min(breadth, widthᵈ) · width samples, depth-first
 * at most min(visitLimit, Σ widthᵈ) · width; each of them costs the evaluator's replies besides. A floor of the
 * budget rules is spent before anything is passed over.
 *
 * @returns a procedure named `tree-of-thoughts:BREADTH,width=WIDTH,depth=DEPTH`, or
 *   `tree-of-thoughts:goal=GOAL,width=WIDTH,depth=DEPTH`
 * @throws PosttrainError `invalid-argument` for a count that is no positive integer, a missing `evaluate`, or where
 *   nothing ends a thought
 * @example
 * ```ts
 * const evaluate: ThoughtEvaluator = {
 *   prompt: ({ prompt }, text) => `${String(prompt)}\n${text}\nHow sure is this to lead to a solution, from 0 to 10?`,
 *   read: (reply) => (/^\d+$/.test(reply.trim()) ? Number(reply) : undefined),
 * }
 * const search = treeOfThoughts({ evaluate, breadth: 5, width: 8, depth: 3, stop: ['\n'] })
 * search.name // => 'tree-of-thoughts:5,width=8,depth=3'
 * ```
 */
export function treeOfThoughts(options: TreeOfThoughtsOptions): Procedure {
  const { evaluate, width, depth } = options
  requireInteger('width', width, { min: 1 })
  requireInteger('depth', depth, { min: 1 })
  requireStepOptions('treeOfThoughts', options)
  const isAsked = typeof evaluate === 'object' && evaluate !== null && 'read' in evaluate
  if (!isAsked) requireReward('evaluate', evaluate)
  const perThought = isAsked ? 1 + repliesOf(evaluate) : 1
  const scorer = isAsked ? evaluatorScorer(evaluate) : rewardScorer(evaluate)
  const { stop, maxTokensPerStep, propose } = options
  const thoughts = { stop, maxTokensPerStep, propose, scorer }
  const shape = `width=${width},depth=${depth}`
  if ('breadth' in options) {
    if ('goal' in options) throw invalidArgument('treeOfThoughts has a breadth and a goal', 'name one of them')
    const breadth = { breadth: requireInteger('breadth', options.breadth, { min: 1 }), width, depth }
    const most = mostOfBreadth(breadth) * perThought
    return {
      name: `tree-of-thoughts:${breadth.breadth},${shape}`,
      run: (sampler, task, run = {}) => searchBreadthFirst(new SearchRun(sampler, task, most, run), thoughts, breadth),
    }
  }
  requireDepthFirst(options)
  const { visitLimit, verify } = options
  const inner = mostOfBreadth({ breadth: Infinity, width, depth }) / width
  const most = Math.min(visitLimit, inner) * width * perThought
  return {
    name: `tree-of-thoughts:goal=${options.goal},${shape}`,
    run: (sampler, task, run = {}) =>
      searchDepthFirst(new SearchRun(sampler, task, most, run), { ...thoughts, verify }, options),
  }
}

function requireDepthFirst({ threshold, goal, visitLimit, verify }: DepthFirst): void {
  if (threshold !== undefined) requireFinite('threshold', threshold)
  requireFinite('goal', goal)
  requireInteger('visitLimit', visitLimit, { min: 1 })
  if (verify !== undefined) requireReward('verify', verify)
}
