import { createStream } from '@posttrain/core'
import type { RandomStream } from '@posttrain/core'
import { passAtK, passAtKFromProbability, passHatK } from '@posttrain/estimators'
import { drawCorrect, drawRate, successRates, type SuccessRates } from './success-rates.js'

/** Tasks with a value each, of which the true mean is known. */
export interface Population {
  readonly rates: string
  readonly metric: string
  readonly truth: number
  /** Values lie in [0, 1]; those of differences do not. */
  readonly unit: boolean
  /** Values are 0 and 1, or differences of these. */
  readonly verdicts: boolean
  /** The true metric (of one of the two systems) is within 0.02 of 0 or 1. */
  readonly extreme: boolean
  /** A random task of the population. */
  task(stream: RandomStream): number
  /** The value of a task, from fresh samples. */
  value(task: number, stream: RandomStream): number
}

/** The value of a random task. */
export const drawValue = ({ task, value }: Population, stream: RandomStream): number => value(task(stream), stream)

/** What is estimated from the n samples of a task. */
interface Metric {
  readonly name: string
  readonly n: number
  readonly estimate: (c: number) => number
  /** What it is for a task of success rate p. */
  readonly truth: (p: number) => number
}

const metrics: readonly Metric[] = [
  { name: 'pass@1 from 1 sample', n: 1, estimate: (c) => c, truth: (p) => p },
  { name: 'pass@1 from 16', n: 16, estimate: (c) => c / 16, truth: (p) => p },
  { name: 'pass@8 from 16', n: 16, estimate: (c) => passAtK(16, c, 8), truth: (p) => passAtKFromProbability(p, 8) },
  { name: 'pass^4 from 16', n: 16, estimate: (c) => passHatK(16, c, 4), truth: (p) => p ** 4 },
]

/** Tasks in a population: so many that their own mean stands for the distribution, and is known exactly. */
const SIZE = 20_000

/** Share of tasks on which the second system differs from the first. */
const CHANGED = 0.3

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const isExtreme = (truth: number): boolean => truth < 0.02 || truth > 0.98

/** All metrics of one system, and their differences to one that is as on easier tasks where it differs. */
function populationsOf(kind: SuccessRates): Population[] {
  const stream = createStream(1, 'population', kind.name)
  const easier = { ...kind, a: kind.a + 0.5 }
  const before = Array.from({ length: SIZE }, () => drawRate(kind, stream))
  const after = before.map((rate) => (stream.uniform() < CHANGED ? drawRate(easier, stream) : rate))
  const task = (random: RandomStream): number => random.integer(SIZE)
  return metrics.flatMap(({ name, n, estimate, truth }): Population[] => {
    const valueAt = (rate: number, random: RandomStream): number => estimate(drawCorrect(n, rate, random))
    const [first, second] = [mean(before.map(truth)), mean(after.map(truth))]
    return [
      {
        rates: kind.name,
        metric: name,
        truth: first,
        unit: true,
        verdicts: n === 1,
        extreme: isExtreme(first),
        task,
        value: (at, random) => valueAt(before[at]!, random),
      },
      {
        rates: kind.name,
        metric: `difference in ${name}`,
        truth: second - first,
        unit: false,
        verdicts: n === 1,
        extreme: isExtreme(first) || isExtreme(second),
        task,
        value: (at, random) => valueAt(after[at]!, random) - valueAt(before[at]!, random),
      },
    ]
  })
}

/** Every combination of success rates and metric, for one system and for the difference of two. */
export const populations: readonly Population[] = successRates.flatMap(populationsOf)
