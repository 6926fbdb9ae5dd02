import { unsupported } from './errors.js'
import type { Logprobs } from './logprobs.js'
import type { Said } from './piece.js'
import type { Prompt } from './prompt.js'
import type { Task } from './task.js'
import type { TokenSequence } from './scores.js'
import type { Usage } from './usage.js'

/** A reward up to a place in a sample's text. */
export interface StepReward {
  /** UTF-16 units of `Sample.text`, exclusive; a list of step rewards ascends by it. */
  readonly end: number
  readonly reward: number
}

/** A whole completion: what the request's prefix says, then what was drawn. Samples may arrive in any order. */
export interface Sample {
  /** Of the request. The key of a sample is (seed, id, index). */
  readonly id: string
  readonly taskId: string
  readonly index: number
  readonly seed: number
  /** What was continued, where that is not the task's prompt. */
  readonly prompt?: Prompt | undefined
  /**
   * The text of the prefix, then of what was drawn, without the stop text and without the end token, unless that is a
   * word of the text as in a word vocabulary.
   */
  readonly text: string
  /**
   * All tokens after the prompt: the prefix as the sampler encoded it, then every token drawn, end token and stop text
   * too.
   */
  readonly tokens?: readonly number[] | undefined
  /** (tokens): 1 where the policy chose the token in this request. Absent: all ones. */
  readonly mask?: Uint8Array | undefined
  /** (tokens): length of `text` once this token has been read, never decreasing. Present where a sampler can tell. */
  readonly textEnds?: ArrayLike<number> | undefined
  /** Of the chosen tokens. */
  readonly logprobs?: Logprobs | undefined
  /**
   * `stop`: the model ended it, or a stop text did. `length`: a limit that the model ran into cut it. `failed`: no
   * completion was had, for a reason outside the policy.
   */
  readonly finish: 'stop' | 'length' | 'failed'
  /** The stop text that ended it. Absent with `stop`: the model ended it. */
  readonly stoppedBy?: string | undefined
  /** Why it failed. */
  readonly failure?: string | undefined
  /** What this request cost, a failed one too. */
  readonly usage: Usage
  /** Rewards that an environment gave along the way. */
  readonly steps?: readonly StepReward[] | undefined
}

/**
 * The number of tokens that the policy chose.
 *
 * @example
 * ```ts
 * const usage = { promptTokens: 1, completionTokens: 2 }
 * chosenCount({ tokens: [5, 6, 7], mask: Uint8Array.of(0, 1, 1), usage }) // => 2
 * ```
 */
export function chosenCount({ tokens, mask, usage }: Pick<Sample, 'tokens' | 'mask' | 'usage'>): number {
  if (mask) return mask.reduce((count, chosen) => count + chosen, 0)
  return tokens?.length ?? usage.completionTokens
}

/**
 * Index, among the chosen tokens, of the last one chosen by the time the text has reached `end`; −1 if none was. So a
 * reward within a tool's text falls to the token that called the tool, and one within the prefix to nobody.
 *
 * @param end UTF-16 units of the sample's text
 * @throws PosttrainError `unsupported` for a sample without `tokens` or `textEnds`
 * @example
 * ```ts
 * const sample = { tokens: [5, 6, 7], textEnds: [2, 4, 6], mask: Uint8Array.of(1, 0, 1) }
 * chosenIndexAt(sample, 4) // => 0
 * ```
 */
export function chosenIndexAt(
  { tokens, mask, textEnds }: Pick<Sample, 'tokens' | 'mask' | 'textEnds'>,
  end: number,
): number {
  if (!tokens || !textEnds) throw unsupported('rewards by step need samples with tokens and textEnds')
  let chosen = -1
  for (let t = 0; t < tokens.length; t++) {
    if (mask?.[t] !== 0) chosen++
    if (textEnds[t]! >= end) break
  }
  return chosen
}

/**
 * A completion to be continued exactly, stop text included.
 *
 * @example
 * ```ts
 * asPiece({ text: 'first step', stoppedBy: ';', tokens: [3, 1] }) // => { text: 'first step;', tokens: [3, 1] }
 * ```
 */
export const asPiece = ({ text, stoppedBy = '', tokens }: Pick<Sample, 'text' | 'stoppedBy' | 'tokens'>): Said =>
  tokens ? { text: text + stoppedBy, tokens } : { text: text + stoppedBy }

/**
 * A sample as a sequence that a policy scores or learns from.
 *
 * @throws PosttrainError `unsupported` for a sample without tokens
 */
export function sequenceOf(task: Task, { tokens, mask, prompt = task.prompt, index, id }: Sample): TokenSequence {
  if (tokens) return mask ? { prompt, tokens, mask } : { prompt, tokens }
  throw unsupported(`sample ${index} of ${id} has no tokens to learn from`, 'sample from a policy that records them')
}
