import { invalidArgument, requireFinite, requireFiniteArray, requireLength } from '@posttrain/core'

/** Which cluster each task belongs to, for instance the problem that several prompts were made of. */
export type Clusters = readonly (string | number)[]

/** Tasks summed up by cluster; without clusters every task is its own. */
export interface ClusterSums {
  readonly sums: Float64Array
  readonly sizes: Float64Array
  readonly tasks: number
  readonly mean: number
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

/** Requires a nominal coverage strictly between 0 and 1. */
export function requireLevel(level: number): number {
  requireFinite('level', level)
  if (level <= 0 || level >= 1) throw invalidArgument(`level must lie between 0 and 1, but is ${level}`)
  return level
}

/** Sums of values and numbers of tasks by cluster. */
export function clusterSums(values: ArrayLike<number>, clusters: Clusters | undefined): ClusterSums {
  requireTasks('values', values)
  const tasks = values.length
  let sums = Float64Array.from(values)
  let sizes = new Float64Array(tasks).fill(1)
  if (clusters !== undefined) {
    requireLength('clusters', clusters, tasks)
    const index = new Map<string | number, number>()
    for (const cluster of clusters) if (!index.has(cluster)) index.set(cluster, index.size)
    if (index.size < 2) throw invalidArgument('clusters must be at least 2, but all tasks are in one')
    sums = new Float64Array(index.size)
    sizes = new Float64Array(index.size)
    clusters.forEach((cluster, i) => {
      sums[index.get(cluster)!]! += values[i]!
      sizes[index.get(cluster)!]!++
    })
  }
  const total = sums.reduce((a, b) => a + b, 0)
  return { sums, sizes, tasks, mean: total / tasks }
}

/** Σ over clusters of (sum − size·mean)²: the squared residuals behind every standard error of the mean. */
export function squaredResiduals({ sums, sizes, mean }: ClusterSums): number {
  let squares = 0
  for (let g = 0; g < sums.length; g++) squares += (sums[g]! - sizes[g]! * mean) ** 2
  return squares
}
