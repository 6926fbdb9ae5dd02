import { createReferenceDevice, type Device, type DeviceBuffer } from '@posttrain/compute'
import {
  invalidArgument,
  invalidData,
  requireFiniteArray,
  requireLength,
  throwIfAborted,
  unsupported,
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
import { scoreTabular } from './scoring-pass.js'

/** What a TabularPolicy is made of. */
export interface TabularPolicyOptions {
  /** Every prompt it will be asked. */
  readonly prompts: readonly string[]
  /** At least two words without spaces. */
  readonly words: readonly string[]
  /** Words in each completion (default 1). */
  readonly length?: number
}

/** A completion and its probability. */
export interface WeightedCompletion {
  readonly tokens: readonly number[]
  readonly text: string
  readonly probability: number
}

/** Frozen table of a TabularPolicy. */
class TabularSnapshot implements PolicySnapshot {
  constructor(
    readonly version: string,
    readonly table: DeviceBuffer,
  ) {}

  dispose(): void {
    this.table.dispose()
  }
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
  readonly differentiable: ReadonlySet<ScoreName> = new Set<ScoreName>(['logprob', 'entropy', 'referenceKl'])
  readonly tokenizer: Tokenizer
  readonly #device: Device = createReferenceDevice()
  readonly #rows: PrefixTable
  readonly #table: LearnedParameters

  /** @throws PosttrainError `invalid-argument` for duplicate words or a table of more than 2²⁴ rows */
  constructor({ prompts, words, length = 1 }: TabularPolicyOptions) {
    this.tokenizer = wordTokenizer(words)
    this.#rows = new PrefixTable(prompts, words.length, length)
    const size = this.#rows.rows * words.length
    const tensors = [{ name: 'logits', shape: [this.#rows.rows, words.length], offset: 0, length: size }]
    this.#table = new LearnedParameters(
      this.#device,
      { tensors, length: size, decayedLength: size },
      new Float64Array(size),
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
    return this.#device.read(this.#table.values)
  }

  /** The gradient accumulated since the last step, laid out as `logits`. */
  gradient(): Promise<Float64Array> {
    return this.#device.read(this.#table.gradients)
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

  async *sample(requests: readonly SampleRequest[], { signal }: CallOptions = {}): AsyncIterable<Sample> {
    for (const request of requests) {
      throwIfAborted(signal)
      yield* await drawTabularSamples(this.#logitTable, this.tokenizer, this.provenance, request)
    }
  }

  async score(sequences: readonly TokenSequence[], request: ScoreRequest = {}): Promise<readonly TokenScores[]> {
    const pass = await this.forward(sequences, request)
    pass.dispose()
    return pass.scores
  }

  async forward(
    sequences: readonly TokenSequence[],
    { entropy = false, value, reference }: ScoreRequest = {},
  ): Promise<ForwardPass> {
    if (value) throw unsupported('a softmax table has no value head')
    if (reference && !(reference instanceof TabularSnapshot)) {
      throw invalidArgument('reference is not a snapshot of a softmax table', 'make it with snapshot() of this policy')
    }
    return scoreTabular(this.#logitTable, this.#table.gradients, sequences, entropy, reference?.table)
  }

  step(settings: OptimizerStep): Promise<StepReport> {
    return this.#table.step(settings)
  }

  async snapshot(): Promise<PolicySnapshot> {
    return new TabularSnapshot(this.provenance.weights, this.#table.copy())
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
    return { device: this.#device, rows: this.#rows, logits: this.#table.values }
  }
}
