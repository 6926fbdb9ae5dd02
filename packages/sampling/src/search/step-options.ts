import { invalidArgument, requireInteger, requireSamplingOptions, type SamplingOptions } from '@posttrain/core'
import type { DrawnSample } from './search-run.js'

/** Where a step of a completion ends. At least one of the two is needed. */
export interface StepOptions {
  /** Texts that end a step, for instance a blank line; the next step continues behind them. */
  readonly stop?: readonly string[] | undefined
  /**
   * Bound on the tokens of a step. A step that it cuts is continued; `sampling.maxTokens` of the run bounds the whole
   * completion, and what that cuts is at its end.
   */
  readonly maxTokensPerStep?: number | undefined
}

/** @throws PosttrainError `invalid-argument`, naming the option, or where nothing ends a step */
export function requireStepOptions(search: string, { stop = [], maxTokensPerStep }: StepOptions): void {
  requireSamplingOptions({ stop })
  if (maxTokensPerStep !== undefined) requireInteger('maxTokensPerStep', maxTokensPerStep, { min: 1 })
  if (stop.length > 0 || maxTokensPerStep !== undefined) return
  throw invalidArgument(
    `nothing ends a step of ${search}, so that every sample is a whole completion`,
    "name stop, for instance ['\\n\\n'], or maxTokensPerStep",
  )
}

/** How a step is drawn after so many tokens: under the limits of the step and of the whole completion. */
export function stepSampling(
  { stop = [], maxTokensPerStep = Infinity }: StepOptions,
  { stop: ends = [], maxTokens = Infinity }: SamplingOptions,
  drawn: number,
): SamplingOptions {
  const most = Math.min(maxTokensPerStep, maxTokens - drawn)
  return { stop: [...stop, ...ends], ...(most === Infinity ? {} : { maxTokens: most }) }
}

/**
 * Whether a sample is a whole completion: it ended otherwise than by a step's stop text or limit, or it is as long as
 * a completion may be.
 *
 * @param drawn tokens of the whole completion
 */
export function isWhole(
  { sample, isCut }: DrawnSample,
  { stop = [] }: StepOptions,
  { maxTokens = Infinity }: SamplingOptions,
  drawn: number,
): boolean {
  if (sample.finish === 'failed') return false
  if (drawn >= maxTokens) return true
  return !isCut && !(sample.stoppedBy !== undefined && stop.includes(sample.stoppedBy))
}
