import { createStream, requireInteger, type RandomStream } from '@posttrain/core'
import { randomisedDifference } from '@posttrain/estimators'
import { CANARY_STAGES } from '@posttrain/sampling'

/** What a staged roll-out is expected to take. */
export interface RollOutPlan {
  /** Shares of the new procedure, one stage after another, and its rewards before the next stage. */
  readonly stages: readonly number[]
  readonly perStage: number
  /** Simulated roll-outs. */
  readonly simulations: number
  /** Share of them that showed the new procedure to be better within `most` requests; worse, in error. */
  readonly better: number
  readonly worse: number
  /** Requests until that was decided: half of all roll-outs took at most so many, nine of ten at most so many. */
  readonly requests: { readonly half: number; readonly nineOfTen: number }
  /** Requests after which a roll-out ends undecided; it is counted with so many. */
  readonly most: number
}

/** What is simulated. */
export interface RollOutOptions {
  /** (tasks): what a decision on each is worth, in [0, 1], of what is deployed and of what is new. */
  readonly deployed: readonly number[]
  readonly next: readonly number[]
  /** Whether a single decision is worth 0 or 1, and not its mean. */
  readonly isBinary: boolean
  readonly level: number
  readonly seed: number
  readonly simulations?: number | undefined
  readonly most?: number | undefined
}

const { shares: STAGES, perStage: PER_STAGE } = CANARY_STAGES

/**
 * Simulates the staged roll-out of `splitCanary` on requests like the tasks of a log: each is a task by chance, worth
 * what its procedure is worth there. Rewards come at once.
 */
export function rollOutPlan(options: RollOutOptions): RollOutPlan {
  const { simulations = 200, most = 100_000 } = options
  requireInteger('simulations', simulations, { min: 1 })
  requireInteger('most', most, { min: 1 })
  const runs = Array.from({ length: simulations }, (_, run) => {
    return simulate({ ...options, most }, createStream(options.seed, 'roll-out', run))
  })
  const share = (verdict: Simulated['verdict']): number =>
    runs.filter((run) => run.verdict === verdict).length / simulations
  const ascending = runs.map(({ requests }) => requests).sort((a, b) => a - b)
  const quantile = (of: number): number => ascending[Math.ceil(of * simulations) - 1]!
  return {
    stages: STAGES,
    perStage: PER_STAGE,
    simulations,
    better: share('better'),
    worse: share('worse'),
    requests: { half: quantile(0.5), nineOfTen: quantile(0.9) },
    most,
  }
}

interface Simulated {
  readonly verdict: 'better' | 'worse' | 'undecided'
  readonly requests: number
}

function simulate(
  { deployed, next, isBinary, level, most }: RollOutOptions & { readonly most: number },
  stream: RandomStream,
): Simulated {
  const difference = randomisedDifference({ min: 0, max: 1, level, leastProbability: STAGES[0]! })
  let [stage, ofStage] = [0, 0]
  for (let requests = 1; requests <= most; requests++) {
    const probabilityOfB = STAGES[stage]!
    const to = stream.uniform() < probabilityOfB ? 'b' : 'a'
    const worth = (to === 'b' ? next : deployed)[stream.integer(deployed.length)]!
    difference.add({ to, probabilityOfB, value: isBinary ? Number(stream.uniform() < worth) : worth })
    if (to === 'b' && ++ofStage >= PER_STAGE && stage < STAGES.length - 1) [stage, ofStage] = [stage + 1, 0]
    const { lower, upper } = difference.interval()
    if (lower > 0) return { verdict: 'better', requests }
    if (upper < 0) return { verdict: 'worse', requests }
  }
  return { verdict: 'undecided', requests: most }
}
