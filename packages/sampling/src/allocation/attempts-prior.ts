/** What became of the attempts at one task: how many did not pass, and whether the last one did. */
export interface Attempts {
  readonly failed: number
  readonly hasPassed: boolean
}

/** A Beta distribution of success rates over tasks. */
export interface RatePrior {
  readonly a: number
  readonly b: number
}

/** Values of a and b that are tried: from rates near 0 or 1 to rates that are all alike. */
const GRID = Array.from({ length: 41 }, (_, i) => 10 ** (-1.5 + i / 10))

/**
 * The Beta prior under which attempts are most likely, among those of a grid: a task passes at attempt j with
 * probability B(a + 1, b + j − 1)/B(a, b), and none of n with B(a, b + n)/B(a, b). Where nothing passed, or everything
 * at once, rates cannot be told apart, and the uniform prior stays.
 */
export function fitRatePrior(tasks: readonly Attempts[]): RatePrior {
  const counts = new Map<string, Attempts & { tasks: number }>()
  for (const { failed, hasPassed } of tasks) {
    const key = `${failed} ${hasPassed}`
    const known = counts.get(key) ?? { failed, hasPassed, tasks: 0 }
    counts.set(key, { ...known, tasks: known.tasks + 1 })
  }
  const kinds = [...counts.values()].filter(({ failed, hasPassed }) => failed > 0 || hasPassed)
  if (kinds.every(({ hasPassed }) => !hasPassed) || kinds.every(({ failed }) => failed === 0)) return { a: 1, b: 1 }
  let best = { a: 1, b: 1, likelihood: -Infinity }
  for (const a of GRID) {
    for (const b of GRID) {
      const likelihood = kinds.reduce((sum, kind) => sum + kind.tasks * logProbability(kind, { a, b }), 0)
      if (likelihood > best.likelihood) best = { a, b, likelihood }
    }
  }
  return { a: best.a, b: best.b }
}

/** Probability that the next attempt passes, after so many that did not. */
export const nextPasses = ({ a, b }: RatePrior, failed: number): number => a / (a + b + failed)

function logProbability({ failed, hasPassed }: Attempts, prior: RatePrior): number {
  let log = 0
  for (let n = 0; n < failed; n++) log += Math.log1p(-nextPasses(prior, n))
  return hasPassed ? log + Math.log(nextPasses(prior, failed)) : log
}
