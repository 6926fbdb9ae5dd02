/**
 * ⌊a / b⌋ of two whole numbers, as an expression for gpu.js. A GPU's division may round below the quotient: adding a
 * half keeps it away from the border.
 */
export const quotient = (a: string, b: string): string => `Math.floor((${a} + 0.5) / ${b})`

/** Sizes of packed queries, keys and values that the expressions of attention use. */
export const headInputs = {
  length: 'integer',
  heads: 'integer',
  group: 'integer',
  headSize: 'integer',
  stride: 'integer',
} as const

/** The values of `headInputs`: `group` query heads share a head of keys and values; a token has `stride` entries. */
export const headSizes = ({
  length = 1,
  heads,
  keyValueHeads,
  headSize,
}: {
  readonly length?: number | undefined
  readonly heads: number
  readonly keyValueHeads: number
  readonly headSize: number
}): { [K in keyof typeof headInputs]: number } => ({
  length,
  heads,
  group: heads / keyValueHeads,
  headSize,
  stride: (heads + 2 * keyValueHeads) * headSize,
})
