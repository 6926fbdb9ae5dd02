import type { Device } from '@posttrain/compute'
import {
  invalidArgument,
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
import type { ChatTemplate, Tokenizer } from '@posttrain/text'
import { readTensors } from '../learned-parameters.js'
import type { Tensor } from '../tensor.js'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.js'
import { parseTransformerConfig, type TransformerConfig } from './config.js'
import { parseLoraSettings, type LoraSettings } from './lora.js'
import { policyScores } from './plan-transformer.js'
import { samplingJobs } from './sampling.js'
import { TransformerSnapshot } from './snapshot.js'
import { loadedOrDisposed, TrainedTransformer } from './trained-transformer.js'

/** What a TransformerPolicy is made of. */
export interface TransformerPolicyOptions {
  readonly device: Device
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  /** Renders prompts that are chats, and messages within completions. Without one both are refused. */
  readonly template?: ChatTemplate | undefined
  /** Seed of the initial weights (default 0). */
  readonly seed?: number | undefined
  /** Weights to begin with, by name, in place of random ones; those of a value head may be left out. */
  readonly weights?: ReadonlyMap<string, Tensor> | undefined
  /** Freezes the weights and trains a low-rank adapter on them. */
  readonly lora?: LoraSettings | undefined
  /** Names the weights along a training run (default: a fingerprint of the initial ones). */
  readonly lineage?: string | undefined
}

/** What may be added to a policy that is read from a file. */
export interface Additions {
  /** Adds a value head, whose values are initially 0. */
  readonly valueHead?: boolean | undefined
  /** Freezes the weights and trains a low-rank adapter on them. */
  readonly lora?: LoraSettings | undefined
  /** Names a training run that begins here, at step 0 (default: the run that the file is of goes on). */
  readonly lineage?: string | undefined
}

/**
 * A decoder-only transformer that samples with a key-value cache, scores and learns, on any device.
 *
 * @example
 * ```ts
 * import { createReferenceDevice } from '@posttrain/compute'
 * import { wordTokenizer } from '@posttrain/text'
 *
 * const tokenizer = wordTokenizer(['0', '1', '.'], '.')
 * const config = llamaLike({ vocabulary: 3, context: 8, width: 8, layers: 1, heads: 2 })
 * const policy = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer })
 * const [scores] = await policy.score([{ prompt: '0 1', tokens: [2] }])
 * scores!.logprob!.length // => 1
 * ```
 */
export class TransformerPolicy implements TrainablePolicy {
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  /** Renders chats, if it has one. */
  readonly template: ChatTemplate | undefined
  /** The settings of its adapter, if it trains one. */
  readonly lora: LoraSettings | undefined
  readonly differentiable: ReadonlySet<ScoreName>
  readonly #model: TrainedTransformer

  /**
   * @throws PosttrainError `invalid-data` for a configuration or weights that are not right, `invalid-argument` for a
   *   tokenizer of another size
   */
  constructor({ device, tokenizer, template, seed = 0, weights, lineage, ...options }: TransformerPolicyOptions) {
    const config = (this.config = parseTransformerConfig(options.config))
    const lora = (this.lora = options.lora && parseLoraSettings(options.lora))
    if (tokenizer.vocabulary !== config.vocabulary) {
      throw invalidArgument(
        `config.vocabulary is ${config.vocabulary}, but the tokenizer has ${tokenizer.vocabulary} tokens`,
      )
    }
    this.tokenizer = tokenizer
    this.template = template
    this.differentiable = policyScores(config.valueHead ?? false)
    const kind = lora ? 'adapter' : 'transformer'
    const codec = { tokenizer, template }
    this.#model = new TrainedTransformer({ device, kind, config, codec, seed, weights, lora, lineage })
  }

  /**
   * A policy with the weights, shape, tokenizer and chat template of a checkpoint file.
   *
   * @throws PosttrainError `invalid-data`, naming the tensor, for a file that is not such a checkpoint
   */
  static async fromCheckpoint(device: Device, file: Uint8Array, additions: Additions = {}): Promise<TransformerPolicy> {
    const { config, codec, tensors, lineage, progress } = decodeCheckpoint(file, ['transformer'])
    const { valueHead = false, lora } = additions
    const policy = new TransformerPolicy({
      device,
      config: valueHead ? { ...config, valueHead } : config,
      ...codec,
      weights: tensors,
      lora,
      lineage,
    })
    // The optimizer's state, where the file has it, fits what is trained only if nothing was added.
    if (policy.config.valueHead === config.valueHead && !lora) await loadedOrDisposed(policy, file)
    const continues = additions.lineage === undefined
    policy.#model.rename(additions.lineage ?? policy.provenance.weights, continues ? progress.steps : 0)
    return policy
  }

  /** Number of weights, those of an adapter not counted. */
  get parameterCount(): number {
    return this.#model.runner.layout.tensors.reduce((total, tensor) => total + tensor.length, 0)
  }

  get provenance(): LogprobProvenance {
    return this.#model.provenance
  }

  async *sample(requests: readonly SampleRequest[], options: CallOptions = {}): AsyncIterable<Sample> {
    const { runner, weights, calls } = this.#model
    const jobs = samplingJobs(runner.codec, runner.architecture, requests)
    const release = await calls.openStream(options)
    try {
      yield* runner.sample(weights.values, this.provenance, jobs, options, release)
    } finally {
      release()
    }
  }

  encode(completions: readonly PiecedCompletion[], options?: CallOptions): Promise<EncodedCompletion[]> {
    return this.#model.encode(completions, options)
  }

  score(
    sequences: readonly TokenSequence[],
    request: ScoreRequest = {},
    options?: CallOptions,
  ): Promise<readonly TokenScores[]> {
    return this.#model.score(sequences, request, options)
  }

  forward(
    sequences: readonly TokenSequence[],
    request: ScoreRequest = {},
    options?: CallOptions,
  ): Promise<ForwardPass> {
    return this.#model.forward(sequences, request, options)
  }

  step(settings: OptimizerStep, options?: CallOptions): Promise<StepReport> {
    return this.#model.step(settings, options)
  }

  snapshot(options?: CallOptions): Promise<PolicySnapshot> {
    const { calls, weights, runner } = this.#model
    const work = async (): Promise<PolicySnapshot> => new TransformerSnapshot(this.provenance, weights.copy(), runner)
    return calls.read('snapshot', work, options)
  }

  /** As one safetensors file what is trained: all weights, or the adapter alone. */
  save(settings: SaveSettings = {}, options?: CallOptions): Promise<Uint8Array> {
    return this.#model.save(settings, options)
  }

  /** All weights, an adapter's merged into them, as a file that `fromCheckpoint` reads without the adapter. */
  saveMerged(options?: CallOptions): Promise<Uint8Array> {
    const { calls, weights, runner } = this.#model
    const work = async (): Promise<Uint8Array> => {
      const tensors = new Map(await readTensors(runner.device, runner.layout, weights.values))
      return encodeCheckpoint({ ...this.#model.header, kind: 'transformer', lora: undefined, tensors }, false)
    }
    return calls.read('saveMerged', work, options)
  }

  /**
   * Replaces what is trained, and the optimizer's state where the file has it, by what `save` wrote.
   *
   * @throws PosttrainError `invalid-data`, naming the tensor, for a file that does not fit, `unsupported` for a
   *   location or while a stream is open; nothing has changed then
   */
  load(checkpoint: Checkpoint, options?: CallOptions): Promise<void> {
    return this.#model.load(checkpoint, options)
  }

  /** Frees the device memory it holds; the device itself is the caller's. */
  dispose(): void {
    this.#model.dispose()
  }
}
