import fc from 'fast-check'
import { fromLogits, type Distribution } from '@posttrain/kl'

/**
 * Logits in ±range. fast-check's doubles crowd around 0, where all policies are alike; most of these are spread evenly.
 */
export const logit = (range: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -1000, max: 1000 }).map((x) => (x / 1000) * range) },
    { weight: 1, arbitrary: fc.double({ min: -range, max: range, noNaN: true }) },
  )

/** Distributions without impossible outcomes, as a softmax over finite logits gives. */
export const fullDistributions = (outcomes: number, range = 3): fc.Arbitrary<Distribution> =>
  fc.array(logit(range), { minLength: outcomes, maxLength: outcomes }).map(fromLogits)

/** Softmax distributions over a given number of outcomes, some of them with impossible outcomes. */
export const distributions = (outcomes: number): fc.Arbitrary<Distribution> =>
  fc
    .array(fc.oneof({ weight: 8, arbitrary: logit(6) }, { weight: 1, arbitrary: fc.constant(-Infinity) }), {
      minLength: outcomes,
      maxLength: outcomes,
    })
    .filter((logits) => logits.some((logit) => logit > -Infinity))
    .map(fromLogits)
