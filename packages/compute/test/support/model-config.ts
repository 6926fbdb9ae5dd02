/** A GPT-2-like decoder: pre-norm, learned positions, tanh-GELU, untied head. */
export interface ModelConfig {
  readonly layers: number
  readonly width: number
  readonly heads: number
  readonly hidden: number
  readonly context: number
  readonly vocabulary: number
  /** Sequences of `context` tokens per step. */
  readonly batch: number
}

/** Shapes of the parameters, in the order in which they lie in memory. */
export function parameterShapes(c: ModelConfig): Readonly<Record<string, readonly number[]>> {
  const shapes: Record<string, readonly number[]> = {
    tokens: [c.vocabulary, c.width],
    positions: [c.context, c.width],
  }
  for (let l = 0; l < c.layers; l++) {
    Object.assign(shapes, {
      [`${l}.norm1.gain`]: [c.width],
      [`${l}.norm1.bias`]: [c.width],
      [`${l}.qkv.weight`]: [c.width, 3 * c.width],
      [`${l}.qkv.bias`]: [3 * c.width],
      [`${l}.out.weight`]: [c.width, c.width],
      [`${l}.out.bias`]: [c.width],
      [`${l}.norm2.gain`]: [c.width],
      [`${l}.norm2.bias`]: [c.width],
      [`${l}.up.weight`]: [c.width, c.hidden],
      [`${l}.up.bias`]: [c.hidden],
      [`${l}.down.weight`]: [c.hidden, c.width],
      [`${l}.down.bias`]: [c.width],
    })
  }
  return { ...shapes, 'norm.gain': [c.width], 'norm.bias': [c.width], head: [c.width, c.vocabulary] }
}

/** Entries of a tensor of this shape. */
export const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

/** Entries of all parameters. */
export const parameterCount = (c: ModelConfig): number =>
  Object.values(parameterShapes(c)).reduce((sum, shape) => sum + product(shape), 0)
