import { requireInteger, requireOneOf, type RewardFunction } from '@posttrain/core'
import { requireBy } from '../checks/require-functions.js'
import { requireStepOptions, type StepOptions } from './step-options.js'
import type { SearchAggregation } from './step-scorer.js'

/** A search that chooses by a process reward. */
export interface ProcessSearchOptions extends StepOptions {
  /** Children drawn below each node. */
  readonly width: number
  /** Steps of a completion, at most; what is not finished by then is not answered. */
  readonly depth: number
  /**
   * The process reward: it judges completions on their way, by the `steps` of its outcome where it gives them,
   * otherwise by its reward of the text so far. It sees no reference.
   */
  readonly by: RewardFunction
  /** How the scores of steps become one (default `last`); ones of `product` and `geometric-mean` are from 0 to 1. */
  readonly aggregate?: SearchAggregation | undefined
}

/** @throws PosttrainError `invalid-argument`, naming the option */
export function requireProcessSearch(search: string, options: ProcessSearchOptions): void {
  requireInteger('width', options.width, { min: 1 })
  requireInteger('depth', options.depth, { min: 1 })
  requireBy(search, options.by)
  requireOneOf('aggregate', options.aggregate ?? 'last', ['last', 'min', 'mean', 'product', 'geometric-mean'])
  requireStepOptions(search, options)
}
