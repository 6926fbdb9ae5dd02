import { createStream, invalidArgument, requireFinite, requireInteger } from '@posttrain/core'
import type { Procedure, Sampler } from '@posttrain/core'
import { randomisedDifference } from '@posttrain/estimators'
import { requireProcedure, requireSampler } from '../checks/require-functions.js'
import { runProcedure, type TimedDecision } from '../run-procedure.js'
import { Arm, canaryVerdict, requireMargin, type CanaryState } from './canary-state.js'

/** A side of a split: its procedure, and what it draws from where that is not what the run is given. */
export interface SplitSide {
  readonly procedure: Procedure
  readonly sampler?: Sampler | undefined
}

/** What is deployed, what may replace it, and how traffic moves from one to the other. */
export interface SplitCanaryOptions {
  /** What is deployed. */
  readonly a: SplitSide
  /** What may replace it. */
  readonly b: SplitSide
  /** Shares of b, one stage after another, each on (0, 1) (default 0.05, 0.25, 0.5). */
  readonly stages?: readonly number[] | undefined
  /** Rewards of b that a stage waits for before the next one begins (default 100). */
  readonly perStage?: number | undefined
  /** The least and the greatest reward (default 0 and 1). */
  readonly rewards?: { readonly min: number; readonly max: number } | undefined
  /** Default 0.95. */
  readonly level?: number | undefined
  /** A loss below it is none: with it b also takes over where it is shown not to be worse. */
  readonly margin?: number | undefined
  /** Decisions whose reward has not come that are remembered (default 100,000); then the oldest are forgotten. */
  readonly pending?: number | undefined
}

/** The stages of a split, where nothing else is said: shares of b, and rewards of b before the next one begins. */
export const CANARY_STAGES: { readonly shares: readonly number[]; readonly perStage: number } = {
  shares: [0.05, 0.25, 0.5],
  perStage: 100,
}

/** What is known of a split now. */
export interface SplitCanaryState extends CanaryState {
  /** Share of b in what comes next. */
  readonly share: number
  /** Decisions whose reward has not come. */
  readonly pending: number
}

/** Live traffic between two procedures. */
export interface SplitCanary {
  /** Runs one of the two, by chance. */
  readonly procedure: Procedure
  /**
   * Says what the decision of a run was worth.
   *
   * @param run its id: that of the run's options, or the task's
   * @param reward null where a judge can give none: the run counts as unscored, and is left out unless somebody else
   *   gives it a reward later
   * @returns whether that run was known and had no reward yet; for null also whether it was not yet unscored
   * @throws PosttrainError `invalid-argument` for a reward out of its bounds
   */
  settle(run: string, reward: number | null): boolean
  /** Whether a run is known and has no reward yet. */
  waits(run: string): boolean
  /** What is known now. */
  state(): SplitCanaryState
}

/** A decision that waits for its reward. */
interface Pending {
  readonly to: 'a' | 'b'
  readonly probabilityOfB: number
  readonly decision: TimedDecision
  /** Whether a judge could give it no reward. */
  readonly isUnscored: boolean
}

/**
 * Splits live traffic between what is deployed and what may replace it, a small share of it first. Each run is assigned
 * by chance, by its seed and id; rewards come later, from users or a judge. A sequential test that stays valid while
 * one looks (`randomisedDifference`) says when b is better or worse, whatever the shares were; then all traffic goes to
 * the better one. While it is undecided, the next stage begins after so many rewards of b.
 *
 * A run whose reward never comes is left out: where that depends on the side, so does what is measured.
 *
 * @throws PosttrainError `invalid-argument` for shares, bounds or numbers out of range
 * @example
 * ```ts
 * const split = splitCanary({ a: { procedure: singleSample() }, b: { procedure: singleSample() }, stages: [0.5] })
 * split.state().share // => 0.5
 * split.settle('nobody', 1) // => false
 * ```
 */
export function splitCanary(options: SplitCanaryOptions): SplitCanary {
  const { a, b, stages = CANARY_STAGES.shares, rewards = { min: 0, max: 1 }, level, margin } = options
  const { perStage = CANARY_STAGES.perStage, pending: most = 100_000 } = options
  const sides = { a: requireSide('a', a), b: requireSide('b', b) }
  if (stages.length === 0) throw invalidArgument('stages is empty', 'give the shares of b, for instance [0.05, 0.5]')
  stages.forEach((share, i) => requireFinite(`stages[${i}]`, share, { above: 0, below: 1 }))
  requireInteger('perStage', perStage, { min: 1 })
  requireInteger('pending', most, { min: 1 })
  requireMargin(margin)
  const leastProbability = Math.min(...stages.flatMap((share) => [share, 1 - share]))
  const difference = randomisedDifference({ ...rewards, level, leastProbability })
  const arms = { a: new Arm(), b: new Arm() }
  const pending = new Map<string, Pending>()
  let [stage, ofStage] = [0, 0]
  const verdict = () => canaryVerdict(difference.interval(), margin)
  const share = (): number => SHARES[verdict()] ?? stages[stage]!

  return {
    procedure: {
      name: `${a.procedure.name} or ${b.procedure.name}`,
      async run(sampler, task, run = {}) {
        const { seed = 0, id = task.id } = run
        const probabilityOfB = share()
        const to = createStream(seed, 'canary', id).uniform() < probabilityOfB ? 'b' : 'a'
        const decision = await runProcedure(sides[to].procedure, sides[to].sampler ?? sampler, task, run)
        // Where the test is over, nothing is assigned by chance any more.
        if (probabilityOfB > 0 && probabilityOfB < 1) {
          pending.set(id, { to, probabilityOfB, decision, isUnscored: false })
          if (pending.size > most) pending.delete(pending.keys().next().value!)
        }
        const { seconds: _, ...decided } = decision
        return { ...decided, reason: `${sides[to].procedure.name}: ${decision.reason}` }
      },
    },
    settle(run, reward) {
      if (reward !== null) requireFinite('reward', reward, rewards)
      const known = pending.get(run)
      if (!known || (reward === null && known.isUnscored)) return false
      const { to, probabilityOfB, decision, isUnscored } = known
      if (reward === null) {
        pending.set(run, { ...known, isUnscored: true })
        arms[to].add(decision, false, undefined)
        return true
      }
      pending.delete(run)
      difference.add({ to, probabilityOfB, value: reward })
      if (isUnscored) arms[to].scoreUnscored(reward)
      else arms[to].add(decision, true, reward)
      if (to === 'b' && ++ofStage >= perStage && stage < stages.length - 1) [stage, ofStage] = [stage + 1, 0]
      return true
    },
    waits: (run) => pending.has(run),
    state: () => ({
      a: arms.a.totals,
      b: arms.b.totals,
      difference: difference.difference,
      interval: difference.interval(),
      verdict: verdict(),
      share: share(),
      pending: pending.size,
    }),
  }
}

/** Where traffic goes once the test has decided. */
const SHARES: Partial<Record<CanaryState['verdict'], number>> = { better: 1, 'not-worse': 1, worse: 0 }

function requireSide(name: string, side: SplitSide): SplitSide {
  requireProcedure(`${name}.procedure`, side.procedure)
  if (side.sampler !== undefined) requireSampler(`${name}.sampler`, side.sampler)
  return side
}
