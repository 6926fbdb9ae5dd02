import { createReferenceDevice, type Device, type DeviceBuffer } from '@posttrain/compute'
import {
  invalidArgument,
  invalidData,
  requireFiniteArray,
  requireLength,
  scoreOf,
  sum,
  type CallOptions,
  type Checkpoint,
  type EncodedCompletion,
  type ForwardPass,
  type LogprobProvenance,
  type OptimizerStep,
  type PiecedCompletion,
  type PolicySnapshot,
  type Sample,
  type SampleRequest,
  type SaveSettings,
  type ScoreName,
  type ScoreRequest,
  type StepReport,
  type TokenScores,
  type TokenSequence,
  type TrainablePolicy,
} from '@posttrain/core'
import { wordTokenizer, type Tokenizer } from '@posttrain/text'
import { checkpointBytes } from '../checkpoint-bytes.js'
import { encodeAll } from '../encode-all.js'
import { fingerprint } from '../fingerprint.js'
import { LearnedParameters } from '../learned-parameters.js'
import { parseProgress, progressMetadata } from '../progress-metadata.js'
import { decodeSafetensors, encodeSafetensors } from '../safetensors.js'
import { TrainingCalls } from '../training-calls.js'
import { beginTabular } from './begin-tabular.js'
import { drawTabularSamples } from './draw-samples.js'
import { tabularScores, type LogitTable } from './logit-table.js'
import { PrefixTable } from './prefix-table.js'
import { scoreTabular, type TabularGradients } from './scoring-pass.js'
import { frozenLogits, TabularSnapshot } from './tabular-snapshot.js'

/** What a TabularPolicy is made of. */
export interface TabularPolicyOptions {
  /** Every prompt it will be asked. */
  readonly prompts: readonly string[]
  /** At least two words without spaces. */
  readonly words: readonly string[]
  /** Words in each completion, at most; at least 1 (default 1). */
  readonly length?: number | undefined
  /** One of the words, which ends a completion that has fewer. */
  readonly end?: string | undefined
  /** Also a table of values, one per prompt and prefix, so that a critic can be trained (default false). */
  readonly values?: boolean | undefined
  /** Names the weights along a training run (default: made of what it is made of, and of every `setLogits`). */
  readonly lineage?: string | undefined
}

/** A completion and its probability. */
export interface WeightedCompletion {
  readonly tokens: readonly number[]
  readonly text: string
  readonly probability: number
}

const FORMAT = 'posttrain-tabular'

/**
 * A softmax table over all sequences of a fixed length: small enough to enumerate, so that what a trainer does to it
 * can be compared with exact expectations. It computes in float64. Prompts are texts; a prefix may be a text or tokens.
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
  readonly #calls = new TrainingCalls()
  readonly #isNamed: boolean
  #lineage: string

  /** @throws PosttrainError `invalid-argument` for duplicate words or a table of more than 2²⁴ rows */
  constructor({ prompts, words, length = 1, end, values = false, lineage }: TabularPolicyOptions) {
    if (end !== undefined && !words.includes(end)) throw invalidArgument(`end is '${end}', which is not among words`)
    this.tokenizer = wordTokenizer(words, end)
    this.differentiable = tabularScores(values)
    this.#rows = new PrefixTable(prompts, words.length, length, end === undefined ? undefined : words.indexOf(end))
    this.#isNamed = lineage !== undefined
    this.#lineage = lineage ?? fingerprint(JSON.stringify([prompts, words, length, end, values]))
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
    return { engine: 'tabular', dtype: 'f64', weights: this.#lineage, step: this.#table.progress.steps }
  }

  /** Sets the logits of the word that follows a prompt and a prefix, at once: calls under way are not waited for. */
  setLogits(prompt: string, prefix: readonly number[], logits: readonly number[]): void {
    requireLength('logits', logits, this.#rows.vocabulary)
    requireFiniteArray('logits', logits)
    const start = this.#rows.rowOf(prompt, prefix) * this.#rows.vocabulary
    this.#device.write(this.#table.values.view(start, logits.length), logits)
    if (!this.#isNamed) this.#lineage = fingerprint(JSON.stringify([this.#lineage, prompt, prefix, logits]))
  }

  /** All logits: one row per prompt and prefix, shorter prefixes first. */
  logits(): Promise<Float64Array> {
    return this.#calls.read('logits', () => this.#device.read(this.#part(this.#table.values).logits))
  }

  /** The gradient accumulated since the last step, in the layout of `logits`. */
  gradient(): Promise<Float64Array> {
    return this.#calls.read('gradient', () => this.#device.read(this.#part(this.#table.gradients).logits))
  }

  /** Every completion of a prompt with its probability, in lexicographic order of tokens. */
  async completions(prompt: string): Promise<WeightedCompletion[]> {
    const sequences = this.#rows.sequences().map((tokens) => ({ prompt, tokens }))
    const scores = await this.score(sequences)
    return sequences.map(({ tokens }, i) => ({
      tokens,
      text: this.tokenizer.decode(tokens),
      probability: Math.exp(sum(scoreOf(scores[i]!, 'logprob'))),
    }))
  }

  async *sample(requests: readonly SampleRequest[], options: CallOptions = {}): AsyncIterable<Sample> {
    const begun = beginTabular(this.#rows, this.tokenizer, requests)
    const release = await this.#calls.openStream(options)
    try {
      yield* drawTabularSamples(this.#logitTable, this.provenance, begun, options, release)
    } finally {
      release()
    }
  }

  encode(completions: readonly PiecedCompletion[], options?: CallOptions): Promise<EncodedCompletion[]> {
    return encodeAll({ tokenizer: this.tokenizer }, completions, options)
  }

  score(
    sequences: readonly TokenSequence[],
    request: ScoreRequest = {},
    options?: CallOptions,
  ): Promise<readonly TokenScores[]> {
    const work = async (): Promise<readonly TokenScores[]> => {
      const pass = await scoreTabular(this.#logitTable, frozenLogits(request.reference), sequences, request, options)
      pass.dispose()
      return pass.scores
    }
    return this.#calls.read('score', work, options)
  }

  forward(
    sequences: readonly TokenSequence[],
    request: ScoreRequest = {},
    options?: CallOptions,
  ): Promise<ForwardPass> {
    return this.#calls.forward(async () => {
      const pass = await scoreTabular(this.#logitTable, frozenLogits(request.reference), sequences, request, options)
      return { ...pass, backward: (cotangents) => pass.backward(cotangents, this.#part(this.#table.gradients)) }
    }, options)
  }

  step(settings: OptimizerStep, options?: CallOptions): Promise<StepReport> {
    return this.#calls.change('step', () => this.#table.step(settings), options)
  }

  snapshot(options?: CallOptions): Promise<PolicySnapshot> {
    return this.#calls.read(
      'snapshot',
      async () => {
        const memory = this.#table.copy()
        const frozen = { device: this.#device, rows: this.#rows, ...this.#part(memory) }
        return new TabularSnapshot(this.provenance, frozen, this.tokenizer, memory)
      },
      options,
    )
  }

  save({ optimizer = false }: SaveSettings = {}, options?: CallOptions): Promise<Uint8Array> {
    return this.#calls.read(
      'save',
      async () => {
        const tensors = await this.#table.tensors(optimizer)
        const progress = progressMetadata(this.#table.progress, optimizer)
        return encodeSafetensors({ tensors, metadata: { format: FORMAT, lineage: this.#lineage, ...progress } })
      },
      options,
    )
  }

  load(checkpoint: Checkpoint, options?: CallOptions): Promise<void> {
    return this.#calls.change(
      'load',
      async () => {
        const { tensors, metadata } = decodeSafetensors(checkpointBytes(checkpoint))
        if (metadata['format'] !== FORMAT) throw invalidData('the file is not the checkpoint of a softmax table')
        this.#table.replace(tensors, parseProgress(metadata))
        this.#lineage = metadata['lineage'] ?? this.#lineage
      },
      options,
    )
  }

  get #logitTable(): LogitTable {
    return { device: this.#device, rows: this.#rows, ...this.#part(this.#table.values) }
  }

  /** The logits, and the values if there are any, in a buffer with the layout of the parameters. */
  #part(buffer: DeviceBuffer): TabularGradients {
    const { rows, vocabulary } = this.#rows
    const size = rows * vocabulary
    const logits = buffer.view(0, size)
    return this.differentiable.has('value') ? { logits, values: buffer.view(size, rows) } : { logits }
  }
}
