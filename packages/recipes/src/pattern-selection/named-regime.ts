import { createStream } from '@posttrain/core'
import { patternShares, type PatternCounts, type PatternShare } from '@posttrain/estimators'
import { regimeOf, type Regime } from './regime.js'

/** The regime of a base model, with the names of its patterns; undefined is the name of samples that have none. */
export interface NamedRegime {
  readonly kind: Regime['kind']
  /** Where it is open. */
  readonly reason?: string | undefined
  /** The pattern of largest success. */
  readonly best: string | undefined
  /** Mean reward. */
  readonly accuracy: number
  /** Where it is slow: the one that grows first, and how long that takes. */
  readonly slow?: { readonly rival: string | undefined; readonly gamma: number } | undefined
  /** Share of resamples of the tasks with this regime, this best pattern and this rival. */
  readonly support: number
}

/** Resamples of the tasks: a share of them is known to ±0.03. */
const RESAMPLES = 1000

/** The regime that shares and successes over tasks say, and how surely they do. */
export function namedRegime(tasks: readonly PatternCounts[], seed: number): NamedRegime {
  const shares = patternShares(tasks)
  const names = shares.map(({ pattern }) => pattern)
  const regime = regimeOf(
    shares.map(({ share }) => share),
    shares.map(({ success }) => success),
  )
  return {
    kind: regime.kind,
    reason: regime.kind === 'open' ? regime.reason : undefined,
    best: names[regime.best],
    accuracy: regime.accuracy,
    slow: regime.kind === 'slow' ? { rival: names[regime.rival], gamma: regime.gamma } : undefined,
    support: support(tasks, shares, regime, seed),
  }
}

const isSame = (a: Regime, b: Regime): boolean =>
  a.kind === b.kind && a.best === b.best && (a.kind !== 'slow' || b.kind !== 'slow' || a.rival === b.rival)

/** How often tasks drawn with replacement have the same regime. */
function support(
  tasks: readonly PatternCounts[],
  shares: readonly PatternShare[],
  regime: Regime,
  seed: number,
): number {
  const stream = createStream(seed, 'regime')
  // (tasks)(patterns): what each task adds to shares and to rewards, as `patternShares` has it.
  const rows = tasks.map((counts) => {
    const size = [...counts.values()].reduce((total, { samples }) => total + samples, 0)
    return shares.map(({ pattern }) => {
      const { samples, reward } = counts.get(pattern) ?? { samples: 0, reward: 0 }
      return { share: samples / size, earned: reward / size }
    })
  })
  let same = 0
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const [share, earned] = [new Float64Array(shares.length), new Float64Array(shares.length)]
    for (let draw = 0; draw < rows.length; draw++) {
      rows[stream.integer(rows.length)]!.forEach((one, r) => {
        share[r]! += one.share / rows.length
        earned[r]! += one.earned / rows.length
      })
    }
    // A pattern that was not drawn does not count, whatever its success.
    const success = earned.map((value, r) => (share[r]! > 0 ? value / share[r]! : 0))
    if (isSame(regimeOf(share, success), regime)) same++
  }
  return same / RESAMPLES
}
