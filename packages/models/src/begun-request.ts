import {
  invalidArgument,
  requireInteger,
  shapingOf,
  type LogprobProvenance,
  type Prompt,
  type Sample,
  type SampleRequest,
} from '@posttrain/core'
import { BegunCompletion, type TextCodec } from '@posttrain/text'
import { tokenChoiceOf, type TokenChoice } from './token-choice.js'

/** A request that was checked, with what every one of its completions begins with. */
export interface BegunRequest {
  readonly request: SampleRequest
  readonly id: string
  readonly prompt: Prompt
  readonly begun: BegunCompletion
  readonly choice: TokenChoice
  /** Bound on the tokens drawn. */
  readonly maxTokens: number
  /** Of its samples. */
  readonly indices: readonly number[]
}

/** What was drawn after the beginning of a completion. */
export interface DrawnTokens {
  readonly tokens: readonly number[]
  /** (tokens): log π at temperature 1. */
  readonly logprobs: readonly number[]
  readonly finish: 'stop' | 'length'
}

/** Most samples of one request: they are drawn side by side, and held until the last of them is done. */
const MOST_SAMPLES = 1_000_000

/**
 * Checks a request.
 *
 * @throws PosttrainError `invalid-argument` for numbers out of range, `invalid-data` for text outside the vocabulary,
 *   `unsupported` for a message without a template
 */
export function beginRequest(codec: TextCodec, request: SampleRequest): BegunRequest {
  const { task, count, firstIndex = 0, seed, id = task.id, prompt = task.prompt, prefix = [], stop = [] } = request
  const { maxTokens = Infinity } = request
  requireInteger('count', count, { min: 0, max: MOST_SAMPLES })
  requireInteger('firstIndex', firstIndex, { min: 0, max: Number.MAX_SAFE_INTEGER - count })
  requireInteger('seed', seed)
  if (maxTokens !== Infinity) requireInteger('maxTokens', maxTokens, { min: 1 })
  if (stop.includes('')) throw invalidArgument('a stop text is empty, so that every completion would end at once')
  return {
    request,
    id,
    prompt,
    begun: new BegunCompletion(codec, { prompt, pieces: prefix }),
    choice: tokenChoiceOf(request),
    maxTokens,
    indices: Array.from({ length: count }, (_, i) => firstIndex + i),
  }
}

/**
 * The whole completion of which a part was drawn.
 *
 * @param promptTokens those that were read for it, of its prefix too
 */
export function wholeSample(
  { request, id, prompt, begun }: BegunRequest,
  index: number,
  promptTokens: number,
  { tokens: drawn, logprobs, finish }: DrawnTokens,
  provenance: LogprobProvenance,
): Sample {
  const { task, seed, stop } = request
  const { text, textEnds, stoppedBy } = begun.finish(drawn, stop)
  const tokens = [...begun.tokens, ...drawn]
  return {
    id,
    taskId: task.id,
    index,
    seed,
    prompt: JSON.stringify(prompt) === JSON.stringify(task.prompt) ? undefined : prompt,
    text,
    tokens,
    mask: begun.tokens.length === 0 ? undefined : Uint8Array.from(tokens, (_, t) => (t < begun.tokens.length ? 0 : 1)),
    textEnds,
    logprobs: { values: logprobs, provenance, drawn: shapingOf(request) ?? {} },
    finish: stoppedBy === undefined ? finish : 'stop',
    stoppedBy,
    usage: { promptTokens, completionTokens: drawn.length },
  }
}
