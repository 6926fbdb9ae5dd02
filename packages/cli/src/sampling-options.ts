import type { SamplingOptions } from '@posttrain/core'
import type { Command } from 'commander'
import { integer, notNegative, positive, repeatable } from './option-parsers.js'

/** How tokens are drawn, on the command line. */
export interface SamplingFlags {
  readonly temperature?: number | undefined
  readonly topP?: number | undefined
  readonly maxTokens?: number | undefined
  readonly stop?: readonly string[] | undefined
  readonly seed: number
}

/** Adds the options that say how tokens are drawn. */
export const withSampling = (command: Command): Command =>
  command
    .option('--temperature <t>', 'softmax temperature (default: 1)', notNegative)
    .option('--top-p <share>', 'draw of the likeliest tokens that hold this share (default: of all)', positive)
    .option('--max-tokens <n>', 'tokens of a completion, at most (default: what the model allows)', integer(1))
    .option('--stop <text>', 'text that ends a completion, repeatable', repeatable)
    .option('--seed <n>', 'seed of everything random', integer(0), 0)

/** The sampling options that were given, and no others. */
export function samplingOf({ temperature, topP, maxTokens, stop }: SamplingFlags): SamplingOptions {
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(stop !== undefined && { stop }),
  }
}
