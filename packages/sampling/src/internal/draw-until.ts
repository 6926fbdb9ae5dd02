import { requireInteger, type RunOptions, type Sample, type Sampler, type StopCause, type Task } from '@posttrain/core'
import { collect } from '../collect.js'
import { Budget } from './budget.js'

/** How independent samples of a task are drawn. */
export interface DrawPlan {
  /** Samples, at most. */
  readonly most: number
  /** Samples between two looks at the rule, or how many where so many are there (default: all). */
  readonly atOnce?: number | ((drawn: number) => number) | undefined
  /**
   * The rule: sees all samples in the order of their indices, and those that are new, and says why more are of no use;
   * nothing while they may be.
   */
  readonly rule?: (samples: readonly Sample[], fresh: readonly Sample[]) => Promise<'decided' | 'gave-up' | undefined>
}

/** What was drawn, and why no more. */
export interface Drawn {
  readonly samples: readonly Sample[]
  readonly stopped: StopCause
  /** The cap that ended it, in words. */
  readonly cap?: string | undefined
}

/**
 * Draws the samples of one run, the ones that an evaluation draws first, until all are there, a rule has seen enough or
 * a cap is reached. The one place where procedures of independent samples spend.
 */
export async function drawUntil(
  sampler: Sampler,
  task: Task,
  { most, atOnce = most, rule }: DrawPlan,
  { seed = 0, id, sampling, signal, rules }: RunOptions,
): Promise<Drawn> {
  requireInteger('seed', seed)
  const budget = new Budget(task, rules, most)
  const samples: Sample[] = []
  while (samples.length < most) {
    const wanted = typeof atOnce === 'number' ? atOnce : atOnce(samples.length)
    const count = budget.room(Math.min(wanted, most - samples.length))
    if (count === 0) return { samples, stopped: 'capped', cap: budget.reached }
    const request = { ...budget.within(sampling), task, count, firstIndex: samples.length, seed, id }
    const [fresh] = await collect(sampler, [request], { signal })
    samples.push(...fresh!)
    budget.spend(fresh!)
    const stopped = await rule?.(samples, fresh!)
    if (stopped && budget.mayStop) return { samples, stopped }
  }
  return { samples, stopped: 'complete' }
}
