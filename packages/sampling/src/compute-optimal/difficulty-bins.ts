import { invalidArgument, requireFinite, requireInteger } from '@posttrain/core'

/**
 * Edges that part tasks into bins of equal size by difficulty, the harder the later: a task is in the first bin whose
 * edge its difficulty does not exceed, and beyond the last edge in the last bin. Equal difficulties share a bin, so
 * that there may be fewer bins than were asked for.
 *
 * @param difficulties (tasks), any finite numbers that grow with difficulty, for instance 1 − pass@1
 * @param bins at least 1
 * @returns ascending; one fewer than there are bins
 * @throws PosttrainError `invalid-argument` for fewer tasks than bins or a difficulty that is not finite
 * @example
 * ```ts
 * difficultyEdges([0.1, 0.2, 0.3, 0.9], 2) // => [0.2]
 * ```
 */
export function difficultyEdges(difficulties: readonly number[], bins: number): readonly number[] {
  requireInteger('bins', bins, { min: 1 })
  if (difficulties.length < bins) {
    throw invalidArgument(`${difficulties.length} tasks are too few for ${bins} bins`, 'measure more tasks')
  }
  difficulties.forEach((value, i) => requireFinite(`difficulties[${i}]`, value))
  const sorted = [...difficulties].sort((a, b) => a - b)
  const edges = new Set<number>()
  for (let bin = 1; bin < bins; bin++) edges.add(sorted[Math.ceil((bin * sorted.length) / bins) - 1]!)
  edges.delete(sorted.at(-1)!) // nobody is beyond it
  return [...edges]
}

/**
 * The bin of a difficulty, from 0.
 *
 * @param edges as `difficultyEdges` gives them
 * @example
 * ```ts
 * [0.2, 0.21].map((difficulty) => difficultyBin(difficulty, [0.2])) // => [0, 1]
 * ```
 */
export function difficultyBin(difficulty: number, edges: readonly number[]): number {
  requireFinite('difficulty', difficulty)
  const bin = edges.findIndex((edge) => difficulty <= edge)
  return bin < 0 ? edges.length : bin
}
