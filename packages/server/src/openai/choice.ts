import { addUsage, type Usage } from '@posttrain/core'
import type { TimedDecision } from '@posttrain/sampling'

/** A decision and the id of its run, by which its reward may be told later. */
export interface DecidedRun {
  readonly run: string
  readonly decision: TimedDecision
}

/** The field in which a choice says what was decided, and why. */
export interface DecisionField {
  /** Id of the run, by which its reward can be told. */
  readonly run: string
  readonly procedure: string
  /** The key that was read where the procedure reads; null where it abstains. */
  readonly answer: string | null
  readonly reason: string
  readonly stopped: TimedDecision['stopped']
  /** Samples asked for, and how many of them could not be had. */
  readonly samples: number
  readonly failed: number
  readonly seconds: number
  readonly prompt_tokens: number
  readonly completion_tokens: number
  /** What judging cost: apart, for tokens of two models do not add up. */
  readonly judging: { readonly prompt_tokens: number; readonly completion_tokens: number }
  /** Money, sampling and judging together; null where prices are not known. */
  readonly cost: number | null
}

/** A choice of a response, whatever its form: what is said, how it ended and what was decided. */
export interface Choice {
  readonly index: number
  readonly text: string
  /** Why there is no answer, where the procedure abstains. */
  readonly refusal: string | null
  readonly finish_reason: 'stop' | 'length'
  readonly posttrain: DecisionField
}

/** The choice that a decision is. */
export function choiceOf(index: number, procedure: string, { run, decision }: DecidedRun): Choice {
  const { sample, answer, reason, stopped, samples, seconds, usage, judging } = decision
  return {
    index,
    text: sample?.text ?? '',
    refusal: sample ? null : reason,
    finish_reason: sample?.finish === 'length' ? 'length' : 'stop',
    posttrain: {
      run,
      procedure,
      answer: answer ?? null,
      reason,
      stopped,
      samples: samples.length,
      failed: samples.filter(({ finish }) => finish === 'failed').length,
      seconds,
      ...tokens(usage),
      judging: tokens(judging),
      cost: addUsage([usage, judging]).cost ?? null,
    },
  }
}

/** The usage of a response: of all samples of all its choices. */
export function usageField(choices: readonly Choice[]): object {
  const sum = (of: (field: DecisionField) => number): number =>
    choices.reduce((total, { posttrain }) => total + of(posttrain), 0)
  const prompt = sum(({ prompt_tokens }) => prompt_tokens)
  const completion = sum(({ completion_tokens }) => completion_tokens)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

const tokens = ({ promptTokens, completionTokens }: Usage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
})
