import { mean, requireFinite, type Group } from '@posttrain/core'
import { scoreInterval } from '@posttrain/estimators'
import type { MeasuredRate } from './confusion.js'
import type { JudgedSample } from './disagreement.js'
import { scoredBy } from './scored-by.js'

/** Samples that pass and bear signs of being after the verdict. */
export interface SignedPasses {
  /** Share of the samples that pass which bear a sign; the interval is over tasks. Absent where none passes. */
  readonly signed: MeasuredRate | undefined
  readonly samples: readonly JudgedSample[]
  /** Ids of the tasks where at least two samples pass and every one that does bears a sign. */
  readonly tasks: readonly string[]
  /** Samples left out because they have no score. */
  readonly unscored: number
}

/** What is looked at. */
export interface SignedPassOptions {
  /** The part that counts signs (default `signs`, which `codeReward` gives). */
  readonly signs?: string | undefined
  /** A reward from here on is a pass (default 0.5). */
  readonly threshold?: number | undefined
  /** Coverage of the interval (default 0.95). */
  readonly level?: number | undefined
}

/**
 * Passes that bear signs of being after the verdict rather than the task: a program that prints a verdict, leaves the
 * interpreter, looks into its caller. A sign is a reason to look, and no verdict.
 *
 * @throws PosttrainError `invalid-data` for outcomes without the part
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', seed: 0, index: 0, text: '', finish: 'stop', usage: NO_USAGE } as const
 * const outcomes = [1, 1].map((signs) => ({ kind: 'scored', reward: 1, parts: { signs } }) as const)
 * const groups = [{ task: { id: 'a', prompt: '' }, samples: [sample, sample], outcomes }]
 * signedPasses(groups).tasks // => ['a']
 * ```
 */
export function signedPasses(
  groups: Iterable<Group>,
  { signs = 'signs', threshold = 0.5, level = 0.95 }: SignedPassOptions = {},
): SignedPasses {
  requireFinite('threshold', threshold)
  let unscored = 0
  const passes = Array.from(groups).flatMap((group) => {
    const { task, samples, outcomes, scores, unscored: missing } = scoredBy(group, ['reward', signs])
    unscored += missing
    const [reward, counts] = scores
    return samples.flatMap((sample, i) =>
      reward![i]! < threshold ? [] : [{ judged: { task, sample, outcome: outcomes[i]! }, isSigned: counts![i]! > 0 }],
    )
  })
  const values = passes.map(({ isSigned }) => Number(isSigned))
  const clusters = passes.map(({ judged }) => judged.task.id)
  const unsigned = new Set(clusters.filter((_, i) => values[i] === 0))
  const seen = new Set<string>()
  const several = new Set(clusters.filter((id) => seen.has(id) || !seen.add(id)))
  return {
    signed:
      passes.length === 0
        ? undefined
        : {
            value: mean(values),
            interval: new Set(clusters).size < 2 ? undefined : scoreInterval(values, { level, clusters }),
            n: passes.length,
          },
    samples: passes.filter(({ isSigned }) => isSigned).map(({ judged }) => judged),
    tasks: [...several].filter((id) => !unsigned.has(id)),
    unscored,
  }
}
