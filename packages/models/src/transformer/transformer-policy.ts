import type { Device } from '@posttrain/compute'
import {
  invalidArgument,
  invalidData,
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
import { LearnedParameters, readTensors } from '../learned-parameters.js'
import type { Tensor } from '../safetensors.js'
import type { Tokenizer } from '../tokenizer.js'
import type { TrainedParameters } from '../trained-parameters.js'
import { AdaptedParameters } from './adapted-parameters.js'
import { architectureOf, requireSameArchitecture } from './architecture.js'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.js'
import { parseTransformerConfig, type TransformerConfig } from './config.js'
import { beginningParameters } from './initial-parameters.js'
import { parseLoraSettings, type LoraSettings } from './lora.js'
import { TransformerRunner } from './runner.js'
import { TransformerSnapshot } from './snapshot.js'

/** What a TransformerPolicy is made of. */
export interface TransformerPolicyOptions {
  readonly device: Device
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  /** Seed of the initial weights (default 0). */
  readonly seed?: number
  /** Weights to begin with, by name, in place of random ones; those of a value head may be left out. */
  readonly weights?: ReadonlyMap<string, Tensor>
  /** Freezes the weights and trains a low-rank adapter on them. */
  readonly lora?: LoraSettings
}

/** What may be added to a policy that is read from a file. */
export interface Additions {
  /** Adds a value head that says 0 to begin with. */
  readonly valueHead?: boolean
  /** Freezes the weights and trains a low-rank adapter on them. */
  readonly lora?: LoraSettings
}

/**
 * A decoder-only transformer that samples with a key-value cache, scores and learns, on any device.
 *
 * @example
 * ```ts
 * import { createReferenceDevice } from '@posttrain/compute'
 *
 * const tokenizer = wordTokenizer(['0', '1', '.'], '.')
 * const config = llamaLike({ vocabulary: 3, context: 8, width: 8, layers: 1, heads: 2 })
 * const policy = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer })
 * const [scores] = await policy.score([{ prompt: '0 1', tokens: [2] }])
 * scores!.logprob.length // => 1
 * ```
 */
export class TransformerPolicy implements TrainablePolicy {
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  /** The settings of its adapter, if it trains one. */
  readonly lora: LoraSettings | undefined
  readonly differentiable: ReadonlySet<ScoreName>
  readonly #runner: TransformerRunner
  readonly #weights: TrainedParameters

  /**
   * @throws PosttrainError `invalid-data` for a configuration or weights that are not right, `invalid-argument` for a
   *   tokenizer of another size
   */
  constructor({ device, config, tokenizer, seed = 0, weights, lora }: TransformerPolicyOptions) {
    this.config = parseTransformerConfig(config)
    this.lora = lora && parseLoraSettings(lora)
    if (tokenizer.vocabulary !== config.vocabulary) {
      throw invalidArgument(
        `config.vocabulary is ${config.vocabulary}, but the tokenizer has ${tokenizer.vocabulary} tokens`,
      )
    }
    this.tokenizer = tokenizer
    this.#runner = new TransformerRunner(device, this.config, tokenizer)
    const { layout } = this.#runner
    const initial = beginningParameters(layout, seed, weights)
    this.#weights = this.lora
      ? new AdaptedParameters(device, layout, initial, this.lora, seed)
      : new LearnedParameters(device, layout, initial)
    const scores: readonly ScoreName[] = ['logprob', 'entropy', 'referenceKl']
    this.differentiable = new Set(this.config.valueHead ? [...scores, 'value'] : scores)
  }

  /**
   * A policy with the weights, shape and tokenizer of a checkpoint file.
   *
   * @throws PosttrainError `invalid-data`, naming the tensor, for a file that is not such a checkpoint
   */
  static async fromCheckpoint(device: Device, file: Uint8Array, additions: Additions = {}): Promise<TransformerPolicy> {
    const { config, tokenizer, tensors } = decodeCheckpoint(file, ['transformer'])
    const { valueHead = false, lora } = additions
    const policy = new TransformerPolicy({
      device,
      config: valueHead ? { ...config, valueHead } : config,
      tokenizer,
      weights: tensors,
      ...(lora ? { lora } : {}),
    })
    // The optimizer's state, where the file has it, fits what is trained only if nothing was added.
    if (policy.config.valueHead === config.valueHead && !lora) await policy.load(file)
    return policy
  }

  /** Number of weights, those of an adapter not counted. */
  get parameterCount(): number {
    return this.#runner.layout.tensors.reduce((sum, tensor) => sum + tensor.length, 0)
  }

  get provenance(): LogprobProvenance {
    const { name } = this.#runner.device
    return {
      engine: `transformer/${name}`,
      dtype: name === 'reference' ? 'f64' : 'f32',
      distribution: 'raw',
      weights: `step-${this.#weights.steps}`,
    }
  }

  sample(requests: readonly SampleRequest[], options: CallOptions = {}): AsyncIterable<Sample> {
    return this.#runner.sample(this.#weights.values, this.provenance, requests, options)
  }

  score(
    sequences: readonly TokenSequence[],
    request: ScoreRequest = {},
    options: CallOptions = {},
  ): Promise<readonly TokenScores[]> {
    return this.#runner.score(this.#weights.values, sequences, request, options)
  }

  forward(sequences: readonly TokenSequence[], request: ScoreRequest = {}): Promise<ForwardPass> {
    return this.#runner.forward(this.#weights.values, () => this.#weights.gradients, sequences, request)
  }

  step(settings: OptimizerStep): Promise<StepReport> {
    return this.#weights.step(settings)
  }

  async snapshot(): Promise<PolicySnapshot> {
    return new TransformerSnapshot(this.provenance, this.#weights.copy(), this.#runner)
  }

  /** As one safetensors file what is trained: all weights, or the adapter alone. */
  async save({ optimizer = false }: { readonly optimizer?: boolean } = {}): Promise<Uint8Array> {
    const { config, tokenizer, lora } = this
    const { steps } = this.#weights
    const tensors = await this.#weights.tensors(optimizer)
    const kind = lora ? 'adapter' : 'transformer'
    return encodeCheckpoint({ kind, config, tokenizer, tensors, steps, ...(lora ? { lora } : {}) })
  }

  /** All weights, an adapter's merged into them, as a file that `fromCheckpoint` reads without the adapter. */
  async saveMerged(): Promise<Uint8Array> {
    const { config, tokenizer } = this
    const { device, layout } = this.#runner
    const tensors = new Map(await readTensors(device, layout, this.#weights.values))
    return encodeCheckpoint({ kind: 'transformer', config, tokenizer, tensors, steps: this.#weights.steps })
  }

  /**
   * Replaces what is trained, and the optimizer's state where the file has it, by what `save` wrote.
   *
   * @throws PosttrainError `invalid-data`, naming the tensor, for a file that does not fit; nothing has changed then
   */
  async load(file: Uint8Array): Promise<void> {
    const { config, tensors, steps, lora } = decodeCheckpoint(file, [this.lora ? 'adapter' : 'transformer'])
    requireSameArchitecture(architectureOf(config), this.#runner.architecture)
    if (this.lora && lora && (lora.rank !== this.lora.rank || lora.alpha !== this.lora.alpha)) {
      const settings = ({ rank, alpha }: LoraSettings): string => `rank ${rank} and alpha ${alpha}`
      throw invalidData(`the adapter has ${settings(lora)}, but the policy has ${settings(this.lora)}`)
    }
    this.#weights.replace(tensors, steps)
  }

  /** Frees the device memory it holds; the device itself is the caller's. */
  dispose(): void {
    this.#weights.dispose()
    this.#runner.dispose()
  }
}
