import { createReferenceDevice, type Device, type DeviceBuffer } from '@posttrain/compute'
import {
  invalidArgument,
  invalidData,
  requireFiniteArray,
  requireLength,
  type CallOptions,
  type ForwardPass,
  type LogprobProvenance,
  type OptimizerStep,
  type PolicySnapshot,
  type Sample,
  type SampleRequest,
  type ScoreName,
  type ScoreRequest,
  type StepReport,
  type TokenScores,
  type TokenSequence,
  type TrainablePolicy,
} from '@posttrain/core'
import { decodeSafetensors, encodeSafetensors } from '../safetensors.js'
import { wordTokenizer, type Tokenizer } from '../tokenizer.js'
import { LearnedParameters } from '../learned-parameters.js'
import { drawTabularSamples } from './draw-samples.js'
import type { LogitTable } from './logit-table.js'
import { PrefixTable } from './prefix-table.js'
import { scoreTabular, type TabularGradients } from './scoring-pass.js'
import { TabularSnapshot } from './tabular-snapshot.js'

/** What a TabularPolicy is made of. */
export interface TabularPolicyOptions {
  /** Every prompt it will be asked. */
  readonly prompts: readonly string[]
  /** At least two words without spaces. */
  readonly words: readonly string[]
  /** Words in each completion, at most (default 1). */
  readonly length?: number
  /** One of the words, which ends a completion that has fewer. */
  readonly end?: string
  /** Also a table of values, one per prompt and prefix, so that a critic can be trained (default false). */
  readonly values?: boolean
}

/** A completion and its probability. */
export interface WeightedCompletion {
  readonly tokens: readonly number[]
  readonly text: string
  readonly probability: number
}

/**
 * A softmax table over all sequences of a fixed length: small enough to enumerate, so that what a trainer does to it
 * can be compared with exact expectations. It computes in float64.
 *
 * @example
 * ```ts
 * const policy = new TabularPolicy({ prompts: ['coin'], words: ['heads', 'tails'] })
 * const completions = await policy.completions('coin')
 * completions.map(({ probability }) => probability) // => [0.5, 0.5]
 * ```
 */
export class TabularPolicy implements TrainablePolicy {
  readonly differentiable: ReadonlySet<ScoreName>
  readonly tokenizer: Tokenizer
  readonly #device: Device = createReferenceDevice()
  readonly #rows: PrefixTable
  readonly #table: LearnedParameters

  /** @throws PosttrainError `invalid-argument` for duplicate words or a table of more than 2²⁴ rows */
  constructor({ prompts, words, length = 1, end, values = false }: TabularPolicyOptions) {
    if (end !== undefined && !words.includes(end)) throw invalidArgument(`end is '${end}', which is not among words`)
    this.tokenizer = wordTokenizer(words, end)
    const scores: readonly ScoreName[] = ['logprob', 'entropy', 'referenceKl']
    this.differentiable = new Set(values ? [...scores, 'value'] : scores)
    this.#rows = new PrefixTable(prompts, words.length, length, end === undefined ? undefined : words.indexOf(end))
    const { rows } = this.#rows
    const size = rows * words.length
    const logits = { name: 'logits', shape: [rows, words.length], offset: 0, length: size }
    const valueTable = { name: 'values', shape: [rows], offset: size, length: rows }
    const total = values ? size + rows : size
    this.#table = new LearnedParameters(
      this.#device,
      { tensors: values ? [logits, valueTable] : [logits], length: total, decayedLength: total },
      new Float64Array(total),
    )
  }

  get provenance(): LogprobProvenance {
    return { engine: 'tabular', dtype: 'f64', distribution: 'raw', weights: `step-${this.#table.steps}` }
  }

  /** Sets the logits of the word that follows a prompt and a prefix. */
  setLogits(prompt: string, prefix: readonly number[], logits: readonly number[]): void {
    requireLength('logits', logits, this.#rows.vocabulary)
    requireFiniteArray('logits', logits)
    const start = this.#rows.rowOf(prompt, prefix) * this.#rows.vocabulary
    this.#device.write(this.#table.values.view(start, logits.length), logits)
  }

  /** All logits: one row per prompt and prefix, shorter prefixes first. */
  logits(): Promise<Float64Array> {
    return this.#device.read(this.#part(this.#table.values).logits)
  }

  /** The gradient accumulated since the last step, laid out as `logits`. */
  gradient(): Promise<Float64Array> {
    return this.#device.read(this.#part(this.#table.gradients).logits)
  }

  /** Every completion of a prompt with its probability, in lexicographic order of tokens. */
  async completions(prompt: string): Promise<WeightedCompletion[]> {
    const sequences = this.#rows.sequences().map((tokens) => ({ prompt, tokens }))
    const scores = await this.score(sequences)
    return sequences.map(({ tokens }, i) => ({
      tokens,
      text: this.tokenizer.decode(tokens),
      probability: Math.exp(scores[i]!.logprob.reduce((sum, logprob) => sum + logprob, 0)),
    }))
  }

  sample(requests: readonly SampleRequest[], options: CallOptions = {}): AsyncIterable<Sample> {
    return drawTabularSamples(this.#logitTable, this.tokenizer, this.provenance, requests, options)
  }

  async score(sequences: readonly TokenSequence[], request: ScoreRequest = {}): Promise<readonly TokenScores[]> {
    const pass = await this.forward(sequences, request)
    pass.dispose()
    return pass.scores
  }

  async forward(sequences: readonly TokenSequence[], request: ScoreRequest = {}): Promise<ForwardPass> {
    return scoreTabular(this.#logitTable, this.#part(this.#table.gradients), sequences, request)
  }

  step(settings: OptimizerStep): Promise<StepReport> {
    return this.#table.step(settings)
  }

  async snapshot(): Promise<PolicySnapshot> {
    const memory = this.#table.copy()
    const frozen = { device: this.#device, rows: this.#rows, ...this.#part(memory) }
    return new TabularSnapshot(this.provenance, frozen, this.tokenizer, memory)
  }

  async save({ optimizer = false }: { readonly optimizer?: boolean } = {}): Promise<Uint8Array> {
    const tensors = await this.#table.tensors(optimizer)
    return encodeSafetensors({ tensors, metadata: { format: 'posttrain-tabular', steps: String(this.#table.steps) } })
  }

  async load(file: Uint8Array): Promise<void> {
    const { tensors, metadata } = decodeSafetensors(file)
    if (metadata['format'] !== 'posttrain-tabular') throw invalidData('the file is no checkpoint of a softmax table')
    this.#table.replace(tensors, Number(metadata['steps']))
  }

  get #logitTable(): LogitTable {
    return { device: this.#device, rows: this.#rows, ...this.#part(this.#table.values) }
  }

  /** The logits, and the values if there are any, in a buffer laid out as the parameters. */
  #part(buffer: DeviceBuffer): TabularGradients {
    const { rows, vocabulary } = this.#rows
    const size = rows * vocabulary
    const logits = buffer.view(0, size)
    return this.differentiable.has('value') ? { logits, values: buffer.view(size, rows) } : { logits }
  }
}
