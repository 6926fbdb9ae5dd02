import { invalidArgument, requireFinite, requireInteger, type SamplingOptions, type Shaping } from '@posttrain/core'

/** How tokens are drawn from logits. */
export interface TokenChoice extends Shaping {
  /** 0 takes the most likely token. */
  readonly temperature: number
}

/** How a request wants its tokens drawn. @throws PosttrainError `invalid-argument` for numbers that are out of range */
export function tokenChoiceOf({ temperature = 1, topK, topP, minP }: SamplingOptions): TokenChoice {
  requireFinite('temperature', temperature, { min: 0 })
  if (topK !== undefined) requireInteger('topK', topK, { min: 1 })
  if (topP !== undefined && requireFinite('topP', topP, { min: 0, max: 1 }) === 0) {
    throw invalidArgument('topP must be above 0', 'topK: 1 or temperature: 0 takes the most likely token')
  }
  if (minP !== undefined) requireFinite('minP', minP, { min: 0, max: 1 })
  return { temperature, topK, topP, minP }
}
