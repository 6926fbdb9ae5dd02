import { createStream, type RandomStream } from '@posttrain/core'
import { scoreInterval } from '@posttrain/estimators'
import { tangoOfDifferences } from '../../packages/estimators/src/intervals/tango.js'

/** How large clusters are. */
const SIZES: Readonly<Record<string, (clusters: number, stream: RandomStream) => number[]>> = {
  'all of 5': (clusters) => new Array<number>(clusters).fill(5),
  '1 to 20 alike': (clusters, stream) => Array.from({ length: clusters }, () => 1 + stream.integer(20)),
  'geometric, 5 in the mean': (clusters, stream) =>
    Array.from({ length: clusters }, () => 1 + Math.floor(Math.log1p(-stream.uniform()) / Math.log(0.8))),
  '1, or 20 once in ten': (clusters, stream) =>
    Array.from({ length: clusters }, () => (stream.uniform() < 0.1 ? 20 : 1)),
  'one has half of the tasks': (clusters) => [clusters - 1, ...new Array<number>(clusters - 1).fill(1)],
}

/** What is drawn for a task or a cluster, and the default interval for the mean. */
const QUANTITIES = [
  { name: 'a rate of 0.5', truth: 0.5, draw: (u: number) => Number(u < 0.5), interval: scoreInterval },
  { name: 'a rate of 0.2', truth: 0.2, draw: (u: number) => Number(u < 0.2), interval: scoreInterval },
  {
    name: 'a difference of 0.04, 20 % of tasks differing',
    truth: 0.04,
    draw: (u: number) => (u < 0.08 ? -1 : u < 0.2 ? 1 : 0),
    interval: tangoOfDifferences,
  },
] as const

/** Share of tasks that have the value of their cluster; the others have one of their own. */
const SHARED = [1, 0.5, 0]
const CLUSTERS = [20, 50, 200]

/** Coverage with clusters of some sizes. */
export interface ClusterCell {
  readonly quantity: string
  readonly sizes: string
  readonly shared: number
  readonly clusters: number
  readonly coverage: number
}

function covered(cell: Omit<ClusterCell, 'coverage'>, runs: number): number {
  const { truth, draw, interval } = QUANTITIES.find(({ name }) => name === cell.quantity)!
  const stream = createStream(1, 'cluster-coverage', ...Object.values(cell))
  let hits = 0
  for (let run = 0; run < runs; run++) {
    const values: number[] = []
    const clusters: number[] = []
    SIZES[cell.sizes]!(cell.clusters, stream).forEach((size, cluster) => {
      const common = draw(stream.uniform())
      for (let i = 0; i < size; i++) {
        values.push(stream.uniform() < cell.shared ? common : draw(stream.uniform()))
        clusters.push(cluster)
      }
    })
    const { lower, upper } = interval(values, { clusters })
    if (lower <= truth && truth <= upper) hits++
  }
  return hits / runs
}

/** Every kind of clusters. */
export const clusterCells = (runs: number): readonly ClusterCell[] =>
  QUANTITIES.flatMap(({ name: quantity }) =>
    Object.keys(SIZES).flatMap((sizes) =>
      SHARED.flatMap((shared) =>
        CLUSTERS.map((clusters) => {
          const cell = { quantity, sizes, shared, clusters }
          return { ...cell, coverage: covered(cell, runs) }
        }),
      ),
    ),
  )
