import { requireInteger, type Procedure, type Prompt, type RewardFunction, type Task } from '@posttrain/core'
import { requireBy, requireFunctions } from '../checks/require-functions.js'
import { askedPrompt } from './asked-prompt.js'
import { bestDraft, drawDrafts, type Draft } from './draft.js'
import { SearchRun } from './search-run.js'

/** Attempts that see those before. */
export interface RevisionChainOptions {
  /** Asks for the next attempt, of the task without its reference and the attempts before, the first one first. */
  readonly revise: (task: Task, attempts: readonly string[]) => Prompt
  /** Attempts of a chain. */
  readonly length: number
  /** Chains side by side (default 1). */
  readonly chains?: number | undefined
  /** What chooses among all attempts; it sees no reference. A single chain without answers with its last attempt. */
  readonly by?: RewardFunction | undefined
}

/**
 * Sequential revisions (Snell et al. 2024, https://arxiv.org/abs/2408.03314): the task's prompt asks for an attempt,
 * and every further one sees those before it. Several chains side by side share a budget between sequential and
 * parallel attempts. It answers with the attempt that `by` likes best, the first chain and its first attempt among
 * equals. An attempt that failed is left out, and the chain goes on.
 *
 * It draws at most chains · length samples.
 *
 * @returns a procedure named `revisions:LENGTH,chains=CHAINS by NAME`
 * @throws PosttrainError `invalid-argument` for a count that is no positive integer, or several chains without `by`
 * @example
 * ```ts
 * const revise = ({ prompt }: Task, attempts: readonly string[]) => `${String(prompt)}\n${attempts.join('\n')}\nAgain:`
 * revisionChain({ revise, length: 4 }).name // => 'revisions:4,chains=1'
 * ```
 */
export function revisionChain({ revise, length, chains = 1, by }: RevisionChainOptions): Procedure {
  requireInteger('length', length, { min: 1 })
  requireInteger('chains', chains, { min: 1 })
  requireFunctions('revisionChain', { revise })
  if (by !== undefined || chains > 1) requireBy('revisionChain', by)
  return {
    name: `revisions:${length},chains=${chains}${by ? ` by ${by.name}` : ''}`,
    by,
    async run(sampler, task, given = {}) {
      const run = new SearchRun(sampler, task, chains * length, given)
      const attempts = Array.from({ length: chains }, (): Draft[] => [])
      for (let step = 0; step < length && !run.isCapped; step++) {
        const wishes = attempts.map((before, chain) => ({
          labels: ['attempt', chain, step],
          parents: before.slice(-1).map(({ id }) => id),
          prompt:
            before.length === 0
              ? undefined
              : askedPrompt('revise', run.where, () =>
                  revise(
                    run.task,
                    before.map(({ text }) => text),
                  ),
                ),
        }))
        const drawn = await drawDrafts(run, wishes)
        drawn.forEach((draft, chain) => draft && attempts[chain]!.push(draft))
      }
      const all = attempts.flat()
      if (!by) {
        const last = all.at(-1)
        return run.decide(last?.sample, last ? `the last of ${all.length} attempts` : 'there is no attempt')
      }
      const best = await bestDraft(run, all, by)
      const reason = best
        ? `the best of ${all.length} attempts by ${by.name} is ${best.draft.id} with ${best.value}`
        : `none of ${all.length} attempts was scored by ${by.name}`
      return run.decide(best?.draft.sample, reason)
    },
  }
}
