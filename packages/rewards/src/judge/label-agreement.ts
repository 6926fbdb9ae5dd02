import { invalidArgument, requireLength } from '@posttrain/core'

/** How far two who judged the same agree. */
export interface LabelAgreement {
  readonly n: number
  /** Share of labels that are the same. */
  readonly agreement: number
  /** Cohen's κ: (agreement − chance) / (1 − chance); undefined where chance alone agrees always. */
  readonly kappa: number | undefined
}

/**
 * How far a judge's verdicts agree with those of people, beyond chance.
 *
 * Cohen 1960, https://doi.org/10.1177/001316446002000104
 *
 * @param verdicts (n) of the judge
 * @param labels (n) of people
 * @throws PosttrainError `invalid-argument` for no labels or other numbers of them
 * @example
 * ```ts
 * labelAgreement(['A', 'A', 'B', 'B'], ['A', 'B', 'B', 'B']) // => { n: 4, agreement: 0.75, kappa: 0.5 }
 * ```
 */
export function labelAgreement(verdicts: readonly unknown[], labels: readonly unknown[]): LabelAgreement {
  const n = verdicts.length
  if (n === 0) throw invalidArgument('there are no verdicts')
  requireLength('labels', labels, n)
  const shareOf = (values: readonly unknown[], label: unknown): number =>
    values.filter((value) => value === label).length / n
  const agreement = verdicts.filter((verdict, i) => verdict === labels[i]).length / n
  const chance = [...new Set(labels)].reduce(
    (total: number, label) => total + shareOf(labels, label) * shareOf(verdicts, label),
    0,
  )
  return { n, agreement, kappa: chance === 1 ? undefined : (agreement - chance) / (1 - chance) }
}
