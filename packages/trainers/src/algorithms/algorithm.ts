import type { Loss, Objective, RewardFunction } from '@posttrain/core'
import type { KlPlacement } from '@posttrain/kl'
import type { AdvantageRule } from '../advantages/advantage-rule.js'
import type { Aggregation } from '../aggregation.js'

/** A KL penalty towards the reference. */
export interface KlPenalty {
  readonly placement: KlPlacement
  /** β. */
  readonly coefficient: number
  /**
   * `loss`: its cotangents are added to those of the loss, apart from the advantages. `reward`: its rewards are added to the
   * task's before advantages are formed, by token where the rule works by token and otherwise to the sequence's reward.
   */
  readonly credit: 'loss' | 'reward'
}

/** How samples come in, and how often they are used. */
export interface DataFlow {
  /** Passes over a batch of samples (default 1). */
  readonly epochs?: number
  /** Updates per pass (default 1). */
  readonly minibatches?: number
  /**
   * Draw more prompts in place of those whose samples all got the same reward, up to so many times a step (DAPO's dynamic
   * sampling); absent: never.
   */
  readonly refill?: number
}

/**
 * One way to train, as a composition: reward shaping × advantage × loss × KL placement × aggregation ×
 * data flow. A new one is made by
 * changing a cell: `{ ...grpo(), aggregation: tokenMean() }`.
 */
export interface Algorithm {
  readonly name: string
  /** Where it was published. */
  readonly paper: string
  /** What it is meant to maximise; reported, and compared with what it does. */
  readonly objective: Objective
  /** What is made of the task's reward before anything else sees it; absent: nothing. */
  readonly shape?: (reward: RewardFunction) => RewardFunction
  readonly advantages: AdvantageRule
  readonly loss: Loss
  readonly aggregation: Aggregation
  readonly kl?: KlPenalty
  readonly flow?: DataFlow
}
