import fc from 'fast-check'
import { rational, type Expression, type Operator } from '@posttrain/rewards'

const number = (value: number): Expression => ({ kind: 'number', value: rational(BigInt(value)) })

/** Random expression trees over the integers 0 … 13 with the given operators. */
export const arbitraryExpression = (...operators: Operator[]): fc.Arbitrary<Expression> =>
  fc.letrec<{ tree: Expression }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.integer({ min: 0, max: 13 }).map(number),
      fc.record({
        kind: fc.constant('operation' as const),
        operator: fc.constantFrom(...operators),
        left: tie('tree'),
        right: tie('tree'),
      }),
      tie('tree').map((operand): Expression => ({ kind: 'negation', operand })),
    ),
  })).tree
