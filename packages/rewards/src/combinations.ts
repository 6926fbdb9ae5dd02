import { invalidData, mean, sum } from '@posttrain/core'

/** A term of one sample, with its reward. */
export interface WeightedTerm {
  readonly name: string
  readonly weight: number
  readonly value: number
}

/** How terms become one reward. */
export type CombinationRule = 'sum' | 'product' | 'minimum' | 'mean-variance' | 'lexicographic'

/** The terms of each sample of a task; undefined for a sample that is not scored. */
type TermsOfSamples = readonly (readonly WeightedTerm[] | undefined)[]

/** What rules are told beside the terms. */
interface Combination {
  /** The name of what is made. */
  readonly name: string
  /** λ of `mean-variance`. */
  readonly penalty: number
}

/** The rewards of the samples, by the rule; of one that is not scored undefined. */
export const combinations: Readonly<
  Record<CombinationRule, (samples: TermsOfSamples, combination: Combination) => readonly (number | undefined)[]>
> = {
  sum: (samples) => samples.map((terms) => terms && sum(weighted(terms))),
  minimum: (samples) => samples.map((terms) => terms && Math.min(...weighted(terms))),
  'mean-variance': (samples, { penalty }) =>
    samples.map((terms) => terms && mean(weighted(terms)) - penalty * variance(weighted(terms))),
  product: (samples, { name }) => samples.map((terms) => terms?.reduce((all, term) => all * power(term, name), 1)),
  lexicographic: (samples) => samples.map((terms) => terms && shareOfWorse(terms, samples)),
}

const weighted = (terms: readonly WeightedTerm[]): readonly number[] => terms.map(({ weight, value }) => weight * value)

function variance(values: readonly number[]): number {
  const centre = mean(values)
  return mean(values.map((value) => (value - centre) ** 2))
}

function power({ name, weight, value }: WeightedTerm, product: string): number {
  if (value >= 0) return value ** weight
  throw invalidData(
    `${name} gave ${value}, and the product ${product} is of rewards of at least 0`,
    'transform it before',
  )
}

/** The share of the other samples that are worse, where a tie counts half; ½ where there is no other. */
function shareOfWorse(terms: readonly WeightedTerm[], samples: TermsOfSamples): number {
  const compared = samples.flatMap((others) => (others === undefined || others === terms ? [] : [order(terms, others)]))
  return compared.length === 0 ? 0.5 : sum(compared.map((sign) => (1 + sign) / 2)) / compared.length
}

/** 1 where the first is better in the first term that differs, −1 where it is worse; more open gates are better. */
function order(a: readonly WeightedTerm[], b: readonly WeightedTerm[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i]!.value - b[i]!.value) * Math.sign(a[i]!.weight)
    if (difference !== 0) return Math.sign(difference)
  }
  return Math.sign(a.length - b.length)
}
