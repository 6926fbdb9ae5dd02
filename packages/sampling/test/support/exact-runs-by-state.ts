import type { Procedure } from '@posttrain/core'
import type { WeightedRun } from './exact-runs.js'
import { scriptedSampler, task } from './scripted-sampler.js'

/** What tells states apart, and which of several names for the same is taken. */
export interface StateOptions {
  /**
   * What a sequence of samples amounts to for the procedure: sequences with one key are continued as one. Default: how
   * often each answer was given, in the order of their first appearance.
   */
  readonly keyOf?: ((sequence: readonly number[]) => string) | undefined
  /** Another sequence, as likely and decided alike, that stands for it (default: itself). */
  readonly canonical?: ((sequence: readonly number[]) => readonly number[]) | undefined
}

/**
 * As `exactRuns`, for procedures of which sequences are too many to write out: those that amount to the same are merged
 * after each sample, and each state is decided by a run of the procedure itself.
 *
 * @param most samples that it draws at most; it draws one after another
 */
export async function exactRunsByState(
  procedure: Procedure,
  texts: Readonly<Record<string, number>>,
  most: number,
  { keyOf = countsInOrder, canonical = (sequence) => sequence }: StateOptions = {},
): Promise<readonly WeightedRun[]> {
  const [names, odds] = [Object.keys(texts), Object.values(texts)]
  const decide = (sequence: readonly number[]) => {
    const script = Array.from({ length: most }, (_, i) => names[sequence[i] ?? 0]!)
    return procedure.run(scriptedSampler({ t: script }), task('t'))
  }
  const runs: WeightedRun[] = []
  let open = new Map([['', { sequence: [] as readonly number[], probability: 1 }]])
  for (let drawn = 1; drawn <= most && open.size > 0; drawn++) {
    const reached: typeof open = new Map()
    for (const { sequence, probability } of open.values()) {
      odds.forEach((p, answer) => {
        if (p === 0) return
        const next = canonical([...sequence, answer])
        const key = keyOf(next)
        const known = reached.get(key)
        reached.set(key, { sequence: next, probability: (known?.probability ?? 0) + probability * p })
      })
    }
    open = new Map()
    for (const [key, state] of reached) {
      const decision = await decide(state.sequence)
      if (decision.samples.length > drawn) open.set(key, state)
      else runs.push({ decision, probability: state.probability })
    }
  }
  return runs
}

function countsInOrder(sequence: readonly number[]): string {
  const counts = new Map<number, number>()
  for (const answer of sequence) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  return [...counts].join(' ')
}
