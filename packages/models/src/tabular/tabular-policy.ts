import { createReferenceDevice, type Device, type DeviceBuffer } from '@posttrain/compute'
import {
  invalidArgument,
  invalidData,
  requireFinite,
  requireFiniteArray,
  requireInteger,
  requireLength,
  sampleStream,
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
import { joinCotangents, splitBySequence } from '../per-sequence.js'
import { uniformOnFloat32Grid } from '../uniforms.js'
import { Workspace, type Carver } from '../workspace.js'
import { PrefixTable } from './prefix-table.js'

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
      yield* await this.#draw(request)
    }
  }

  /** All samples of one request, a token of each at a time. */
  async #draw(request: SampleRequest): Promise<Sample[]> {
    const { task, count, firstIndex = 0, temperature = 1, seed } = request
    requireInteger('count', count, { min: 0 })
    requireFinite('temperature', temperature, { min: 0 })
    const { vocabulary } = this.#rows
    const length = Math.min(this.#rows.length, request.maxTokens ?? Infinity)
    const streams = Array.from({ length: count }, (_, i) => sampleStream(seed, task.id, firstIndex + i))
    const drawn = streams.map(() => ({ tokens: [] as number[], logprobs: [] as number[] }))
    const workspace = new Workspace(this.#device)
    const { logits, uniforms, tokens, logprob, indices } = workspace.carve((carver) => ({
      ...this.#carveRows(carver, count),
      uniforms: carver.floats(count),
      tokens: carver.integers(count),
    }))
    for (let t = 0; t < length; t++) {
      this.#gather(
        drawn.map((d) => this.#rows.rowOf(task.prompt, d.tokens)),
        indices,
        this.#table.values,
        logits,
      )
      this.#device.write(uniforms, streams.map(uniformOnFloat32Grid))
      this.#device.sampleTokens({ rows: count, vocabulary, logits, uniforms, temperature, tokens, logprob })
      const [token, value] = [await this.#device.read(tokens), await this.#device.read(logprob)]
      drawn.forEach((d, i) => {
        d.tokens.push(token[i]!)
        d.logprobs.push(value[i]!)
      })
    }
    workspace.dispose()
    return drawn.map((d, i) => ({
      taskId: task.id,
      index: firstIndex + i,
      seed,
      text: this.tokenizer.decode(d.tokens),
      tokens: d.tokens,
      logprobs: { values: d.logprobs, provenance: this.provenance },
      finish: length < this.#rows.length ? 'length' : 'stop',
      usage: { promptTokens: 1, completionTokens: length },
    }))
  }

  async score(sequences: readonly TokenSequence[], request: ScoreRequest = {}): Promise<readonly TokenScores[]> {
    const pass = await this.forward(sequences, request)
    pass.dispose()
    return pass.scores
  }

  async forward(
    sequences: readonly TokenSequence[],
    { entropy: wantsEntropy = false, value, reference }: ScoreRequest = {},
  ): Promise<ForwardPass> {
    if (value) throw unsupported('a softmax table has no value head')
    if (reference && !(reference instanceof TabularSnapshot)) {
      throw invalidArgument('reference is not a snapshot of a softmax table', 'make it with snapshot() of this policy')
    }
    const { vocabulary } = this.#rows
    const lengths = sequences.map(({ tokens }) => tokens.length)
    const rows = lengths.reduce((sum, length) => sum + length, 0)
    const workspace = new Workspace(this.#device)
    const buffers = workspace.carve((carver) => ({
      ...this.#carveRows(carver, rows),
      targets: carver.integers(rows),
      entropy: carver.floats(rows),
      referenceKl: carver.floats(rows),
      referenceLogits: carver.floats(rows * vocabulary),
    }))
    const { indices, logits, logprob, targets, entropy, referenceKl, referenceLogits } = buffers
    const tableRows = sequences.flatMap(({ prompt, tokens }) =>
      tokens.map((_, t) => this.#rows.rowOf(prompt, tokens.slice(0, t))),
    )
    this.#gather(tableRows, indices, this.#table.values, logits)
    if (reference) this.#gather(tableRows, indices, reference.table, referenceLogits)
    this.#device.write(
      targets,
      sequences.flatMap(({ tokens }) => tokens),
    )
    const against = reference ? { referenceLogits, referenceKl } : {}
    const shape = { rows, vocabulary, logits, targets }
    this.#device.tokenScores({ ...shape, logprob, ...(wantsEntropy ? { entropy } : {}), ...against })

    const read = async (buffer: DeviceBuffer): Promise<Float64Array[]> =>
      splitBySequence(await this.#device.read(buffer), lengths)
    const logprobs = await read(logprob)
    const entropies = wantsEntropy ? await read(entropy) : undefined
    const kls = reference ? await read(referenceKl) : undefined
    let spent = false
    const dispose = (): void => {
      if (!spent) workspace.dispose()
      spent = true
    }
    return {
      scores: logprobs.map((values, i) => ({
        logprob: values,
        ...(entropies ? { entropy: entropies[i]! } : {}),
        ...(kls ? { referenceKl: kls[i]! } : {}),
      })),
      backward: async (cotangents) => {
        if (spent) throw unsupported('this forward pass has been used or disposed', 'call forward again')
        requireLength('cotangents', cotangents, sequences.length)
        this.#device.write(logprob, joinCotangents(cotangents, 'logprob', lengths))
        this.#device.write(entropy, joinCotangents(cotangents, 'entropy', lengths))
        this.#device.write(referenceKl, joinCotangents(cotangents, 'referenceKl', lengths))
        this.#device.tokenScoresBackward({
          ...shape,
          gradLogprob: logprob,
          ...(wantsEntropy ? { gradEntropy: entropy } : {}),
          ...(reference ? { referenceLogits, gradReferenceKl: referenceKl } : {}),
          gradLogits: logits,
        })
        const scatter = { rows, columns: vocabulary, source: logits, indices, out: this.#table.gradients }
        this.#device.scatterAddRows(scatter)
        dispose()
      },
      dispose,
    }
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

  #carveRows(carver: Carver, rows: number): Record<'indices' | 'logits' | 'logprob', DeviceBuffer> {
    return {
      indices: carver.integers(rows),
      logits: carver.floats(rows * this.#rows.vocabulary),
      logprob: carver.floats(rows),
    }
  }

  #gather(tableRows: readonly number[], indices: DeviceBuffer, source: DeviceBuffer, out: DeviceBuffer): void {
    this.#device.write(indices, tableRows)
    this.#device.gatherRows({ rows: tableRows.length, columns: this.#rows.vocabulary, source, indices, out })
  }
}
