import { invalidArgument, mean, requireFinite, requireFiniteArray, requireLength, sum } from '@posttrain/core'

/** Which cluster each task belongs to, for instance the problem that several prompts were made of. */
export type Clusters = readonly (string | number)[]

/** How much each task counts, as a multiple of another's; above 0. */
export type Weights = ArrayLike<number>

/**
 * Tasks summed up by cluster; without clusters every task is its own. A task of weight w counts as w tasks that always
 * agree, where the weights are 1 in the mean.
 */
export interface ClusterSums {
  /** (clusters): sum of the values. */
  readonly sums: Float64Array
  /** (clusters): number of tasks. */
  readonly sizes: Float64Array
  readonly tasks: number
  /** Over tasks. */
  readonly mean: number
  /**
   * Kish's effective number of tasks, (Σ size)²/Σ size²: what the tasks say where those of a cluster always agree. It
   * is the number of clusters where these are of one size, and less where they are not (Kish 1965).
   */
  readonly kish: number
}

/** Refuses what no interval over tasks can be made of. */
export function requireTasks(name: string, values: ArrayLike<number>): void {
  requireFiniteArray(name, values)
  if (values.length < 2) {
    throw invalidArgument(
      `an interval over tasks needs at least 2 tasks, but ${name} has ${values.length}`,
      'the spread between tasks cannot be seen on one task; evaluate more of them',
    )
  }
}

/** Requires a nominal coverage strictly between 0 and 1 and returns it. */
export const requireLevel = (level: number): number => requireFinite('level', level, { above: 0, below: 1 })

/** The cube of more, which a skewness is made of, is no number. */
const LARGEST = 1e100

/** Sums of values and numbers of tasks by cluster. */
export function clusterSums(values: ArrayLike<number>, clusters: Clusters | undefined, weights?: Weights): ClusterSums {
  requireTasks('values', values)
  // Names are made for bad entries only: there may be a million tasks.
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]!) > LARGEST) requireFinite(`values[${i}]`, values[i]!, { min: -LARGEST, max: LARGEST })
  }
  const tasks = values.length
  let sizes = weights === undefined ? new Float64Array(tasks).fill(1) : sharesOf(weights, tasks)
  let sums = sizes.map((size, i) => size * values[i]!)
  if (clusters !== undefined) {
    requireLength('clusters', clusters, tasks)
    const index = new Map<string | number, number>()
    for (const cluster of clusters) if (!index.has(cluster)) index.set(cluster, index.size)
    if (index.size < 2) throw invalidArgument('clusters must be at least 2, but all tasks are in one')
    const [ofTasks, shares] = [sums, sizes]
    sums = new Float64Array(index.size)
    sizes = new Float64Array(index.size)
    clusters.forEach((cluster, i) => {
      sums[index.get(cluster)!]! += ofTasks[i]!
      sizes[index.get(cluster)!]! += shares[i]!
    })
  }
  const kish = tasks ** 2 / sum(sizes.map((size) => size ** 2))
  return { sums, sizes, tasks, mean: sum(sums) / tasks, kish }
}

/** Weights that are 1 in the mean. */
function sharesOf(weights: Weights, tasks: number): Float64Array<ArrayBuffer> {
  requireLength('weights', weights, tasks)
  const shares = Float64Array.from(weights, (weight, i) => requireFinite(`weights[${i}]`, weight, { above: 0 }))
  const mean = sum(shares) / tasks
  return shares.map((share) => share / mean)
}

/** Σ over clusters of (sum − size·mean)²: the squared residuals behind every standard error of the mean. */
export const squaredResiduals = ({ sums, sizes, mean }: ClusterSums): number =>
  sum(sums.map((value, g) => (value - sizes[g]! * mean) ** 2))

/**
 * The variance of the mean over tasks, Σ r²/(1 − size/tasks)/tasks² over clusters with r = sum − size·mean, and its
 * degrees of freedom.
 *
 * A large cluster draws the mean to itself, by what its own residual is too small: the divisor makes up for that (Bell
 * & McCaffrey 2002, CR2). For clusters of one size it is G/(G−1)·Σ r²/tasks², with G − 1 degrees of freedom.
 */
export function varianceOfMean({ sums, sizes, tasks, mean, kish }: ClusterSums): { variance: number; degrees: number } {
  const squares = sums.map((value, g) => (value - sizes[g]! * mean) ** 2 / (1 - sizes[g]! / tasks))
  return { variance: sum(squares) / tasks ** 2, degrees: Math.max(1, kish - 1) }
}

/** The mean of values that count as their weights say. */
export const meanOverTasks = (values: ArrayLike<number>, weights: Weights | undefined): number =>
  weights === undefined ? mean(values) : clusterSums(values, undefined, weights).mean
