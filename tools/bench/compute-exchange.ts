import {
  benchmarkModel,
  initialParameters,
  trainingBatch,
} from '../../packages/compute/test/support/benchmark-model.js'
import { parameterShapes } from '../../packages/compute/test/support/model-config.js'
import { forcedToken, NEW_TOKENS, SEQUENCES } from './compute-decoder.js'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

/** The benchmark's model, weights and batch as JSON, for peers in other languages. */
export function modelAsJson(): string {
  const c = benchmarkModel
  const { tokens, targets } = trainingBatch(c)
  const forced = upTo(NEW_TOKENS).map((position) =>
    upTo(SEQUENCES).map((sequence) => forcedToken(sequence, position, c.vocabulary)),
  )
  return JSON.stringify({
    config: c,
    shapes: parameterShapes(c),
    values: Object.fromEntries(Object.entries(initialParameters(c)).map(([name, values]) => [name, [...values]])),
    tokens: [...tokens],
    targets: [...targets],
    decoding: { sequences: SEQUENCES, newTokens: NEW_TOKENS, forced },
  })
}
