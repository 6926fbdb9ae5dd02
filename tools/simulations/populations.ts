import type { RandomStream } from '@posttrain/core'
import { passAtK, passHatK } from '@posttrain/estimators'
import {
  drawCorrect,
  drawRate,
  expectedPassAtK,
  expectedPassHatK,
  successRates,
  type SuccessRates,
} from './success-rates.js'

/** Tasks with a value each, of which the true mean is known. */
export interface Population {
  readonly rates: string
  readonly metric: string
  readonly truth: number
  /** Values lie in [0, 1]; those of differences do not. */
  readonly unit: boolean
  /** The true metric (of one of the two systems) is within 0.02 of 0 or 1. */
  readonly extreme: boolean
  draw(stream: RandomStream): number
}

/** What is estimated from the n samples of a task. */
interface Metric {
  readonly name: string
  readonly n: number
  readonly of: (c: number) => number
  readonly truth: (rates: SuccessRates) => number
}

const metrics: readonly Metric[] = [
  { name: 'pass@1 from 1 sample', n: 1, of: (c) => c, truth: (rates) => expectedPassAtK(rates, 1) },
  { name: 'pass@1 from 16', n: 16, of: (c) => c / 16, truth: (rates) => expectedPassAtK(rates, 1) },
  { name: 'pass@8 from 16', n: 16, of: (c) => passAtK(16, c, 8), truth: (rates) => expectedPassAtK(rates, 8) },
  { name: 'pass^4 from 16', n: 16, of: (c) => passHatK(16, c, 4), truth: (rates) => expectedPassHatK(rates, 4) },
]

const isExtreme = (truth: number): boolean => truth < 0.02 || truth > 0.98

/** One system on tasks of one kind. */
const single = (rates: SuccessRates, metric: Metric): Population => ({
  rates: rates.name,
  metric: metric.name,
  truth: metric.truth(rates),
  unit: true,
  extreme: isExtreme(metric.truth(rates)),
  draw: (stream) => metric.of(drawCorrect(metric.n, drawRate(rates, stream), stream)),
})

/** Share of tasks on which the second system differs from the first. */
const CHANGED = 0.3

/** A better system on the same tasks: the same rates but for a share of tasks, where it is as on easier ones. */
function paired(rates: SuccessRates, metric: Metric): Population {
  const easier = { ...rates, a: rates.a + 0.5 }
  return {
    rates: rates.name,
    metric: `difference in ${metric.name}`,
    truth: CHANGED * (metric.truth(easier) - metric.truth(rates)),
    unit: false,
    extreme: isExtreme(metric.truth(rates)) || isExtreme(metric.truth(easier)),
    draw(stream) {
      const before = drawRate(rates, stream)
      const after = stream.uniform() < CHANGED ? drawRate(easier, stream) : before
      return metric.of(drawCorrect(metric.n, after, stream)) - metric.of(drawCorrect(metric.n, before, stream))
    },
  }
}

/** Every combination of success rates and metric, for one system and for the difference of two. */
export const populations: readonly Population[] = [single, paired].flatMap((make) =>
  successRates.flatMap((rates) => metrics.map((metric) => make(rates, metric))),
)
