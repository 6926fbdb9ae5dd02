import fc from 'fast-check'

/** A probability distribution over `size` outcomes, all of them possible. */
export const distribution = (size: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: 20 }), { minLength: size, maxLength: size }).map((weights) => {
    const sum = weights.reduce((a, b) => a + b, 0)
    return weights.map((weight) => weight / sum)
  })

/** Two distributions over the same two to five outcomes: a policy and its reference. */
export const distributionPair = (): fc.Arbitrary<{ readonly p: number[]; readonly q: number[] }> =>
  fc.integer({ min: 2, max: 5 }).chain((size) => fc.record({ p: distribution(size), q: distribution(size) }))
