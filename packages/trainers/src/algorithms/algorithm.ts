import type { Loss, Objective, Reading, RewardFunction } from '@posttrain/core'
import type { KlController, KlPlacement } from '@posttrain/kl'
import type { Aggregation } from '@posttrain/losses'
import type { AdvantageEstimator } from '../advantages/advantage-estimator.js'

/** A KL penalty towards the reference. */
export interface KlPenalty {
  /**
   * Also says what it is credited to. What it puts into the loss is added to the loss. What it puts into the reward
   * never touches the reward that counts: it is a reward of its own, with leave-one-out advantages of its own that are
   * added to the objective's. Estimators by token take it in their returns, as published.
   */
  readonly placement: KlPlacement
  /**
   * β: a number, or a controller that is told the KL after each step, in nats per sequence. Where a controller says
   * `stop`, the run ends after that step.
   */
  readonly coefficient: number | KlController
}

/**
 * One way to train, as a composition: reward transform × advantages × loss × KL placement × aggregation × data flow. A
 * new one is made by changing a cell: `{ ...grpo(), aggregation: tokenMean() }`.
 */
export interface Algorithm {
  readonly name: string
  /** Where it was published. */
  readonly paper: string
  /** What it is meant to maximise; reported, and compared with what it does. */
  readonly objective: Objective
  /** How answers are read and what is chosen by, where the objective is a procedure's. */
  readonly reading?: Reading | undefined
  /**
   * What is made of the task's reward before anything else sees it, parts kept; absent: nothing. Dynamic sampling goes
   * by the task's own.
   */
  readonly transformReward?: ((reward: RewardFunction) => RewardFunction) | undefined
  readonly advantages: AdvantageEstimator
  readonly loss: Loss
  readonly aggregation: Aggregation
  readonly kl?: KlPenalty | undefined
  /** How samples come in, and how often they are used. */
  readonly flow?:
    | {
        /** Passes over a batch of samples (default 1). */
        readonly epochs?: number | undefined
        /** Updates per pass (default 1). */
        readonly minibatches?: number | undefined
        /**
         * DAPO's dynamic sampling: draw more prompts in place of those whose samples all got the same reward of the
         * task, before `transformReward`, up to so many times a step; absent: never.
         */
        readonly dynamicSampling?: number | undefined
      }
    | undefined
  /** Present if it was made without something that training needs. It can be looked at, and a run is refused. */
  readonly lacks?: 'referenceRewards' | undefined
}
