import type { Device } from '@posttrain/compute'
import {
  scoreOf,
  type CallOptions,
  type Checkpoint,
  type EncodedCompletion,
  type ForwardPass,
  type LogprobProvenance,
  type OptimizerStep,
  type PiecedCompletion,
  type SaveSettings,
  type ScoreName,
  type ScoreRequest,
  type StepReport,
  type TokenScores,
  type TokenSequence,
  type Trainable,
} from '@posttrain/core'
import type { ChatTemplate, Tokenizer } from '@posttrain/text'
import { isOptimizerState } from '../learned-parameters.js'
import type { Tensor } from '../tensor.js'
import { decodeCheckpoint } from './checkpoint.js'
import { parseTransformerConfig, type TransformerConfig } from './config.js'
import { rewardScores } from './plan-transformer.js'
import { atLastToken } from './scored-tokens.js'
import { loadedOrDisposed, TrainedTransformer } from './trained-transformer.js'

/** What a RewardModel is made of. */
export interface RewardModelOptions {
  readonly device: Device
  /** Its `tiedHead` and `valueHead` do not matter: the model has one head, which makes the values. */
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  /** Renders prompts that are chats, and messages within completions. Without one both are refused. */
  readonly template?: ChatTemplate | undefined
  /** Seed of the initial weights (default 0). */
  readonly seed?: number | undefined
  /** Weights to begin with, by name, in place of random ones; those of the head may be left out. */
  readonly weights?: ReadonlyMap<string, Tensor> | undefined
  /** Names the weights along a training run (default: a fingerprint of the initial ones). */
  readonly lineage?: string | undefined
}

/**
 * A transformer whose one score is `value`: a linear function of what it makes of the text up to and including a token.
 * A mask says at which tokens. One value at the last token is the reward of a completion, which a Bradley–Terry loss
 * trains on pairs; values at the ends of steps make a process reward model, trained on labels.
 *
 * Ouyang et al., Training language models to follow instructions with human feedback, section 3.5,
 * https://arxiv.org/abs/2203.02155; Lightman et al., Let's Verify Step by Step, section 2.5,
 * https://arxiv.org/abs/2305.20050
 *
 * @example
 * ```ts
 * import { createReferenceDevice } from '@posttrain/compute'
 * import { wordTokenizer } from '@posttrain/text'
 *
 * const tokenizer = wordTokenizer(['0', '1', '.'], '.')
 * const config = gpt2Like({ vocabulary: 3, context: 8, width: 8, layers: 1, heads: 2 })
 * const model = new RewardModel({ device: createReferenceDevice(), config, tokenizer })
 * const pair = ['1 .', '0 .'].map((text) => ({ prompt: '0 1', pieces: [{ text }] }))
 * const sequences = (await model.encode(pair)).map(atLastToken)
 * for (let step = 0; step < 30; step++) {
 *   const { scores, backward } = await model.forward(sequences, { scores: ['value'] })
 *   const [better, worse] = scores.map((one) => scoreOf(one, 'value')[0]!)
 *   const slope = 1 / (1 + Math.exp(better! - worse!)) // of −log σ(better − worse)
 *   await backward([{ value: Float64Array.of(-slope) }, { value: Float64Array.of(slope) }])
 *   await model.step({ learningRate: 0.01 })
 * }
 * const [better, worse] = await model.rewards(pair)
 * better! > worse! + 1 // => true
 * ```
 */
export class RewardModel implements Trainable {
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  /** Renders chats, if it has one. */
  readonly template: ChatTemplate | undefined
  readonly differentiable: ReadonlySet<ScoreName> = rewardScores
  readonly #model: TrainedTransformer

  /** @throws PosttrainError `invalid-data` for a configuration or weights that are not right */
  constructor({ device, tokenizer, template, seed = 0, weights, lineage, ...options }: RewardModelOptions) {
    // A tied head is not a tensor of its own, so that there is no untrained one beside the head of values.
    const config = (this.config = parseTransformerConfig({ ...options.config, tiedHead: true, valueHead: true }))
    this.tokenizer = tokenizer
    this.template = template
    const codec = { tokenizer, template }
    const [kind, lora] = ['reward-model', undefined] as const
    this.#model = new TrainedTransformer({ device, kind, config, codec, seed, weights, lora, lineage })
  }

  /**
   * A reward model from a file: one of a reward model, or a policy's, whose layers it takes over under a head whose
   * values are initially 0.
   *
   * @throws PosttrainError `invalid-data`, naming the tensor, for a file that is not such a checkpoint
   */
  static async fromCheckpoint(device: Device, file: Uint8Array): Promise<RewardModel> {
    const { kind, config, codec, tensors } = decodeCheckpoint(file, ['reward-model', 'transformer'])
    const weights = kind === 'reward-model' ? tensors : trunk(tensors)
    const model = new RewardModel({ device, config, ...codec, weights })
    if (kind === 'reward-model') await loadedOrDisposed(model, file)
    return model
  }

  get provenance(): LogprobProvenance {
    return this.#model.provenance
  }

  /**
   * The value at the last token of each completion, in order.
   *
   * @throws PosttrainError `invalid-argument` for a completion without tokens
   */
  async rewards(completions: readonly PiecedCompletion[], options?: CallOptions): Promise<Float64Array> {
    const sequences = (await this.encode(completions, options)).map(atLastToken)
    const scores = await this.score(sequences, { scores: ['value'] }, options)
    return Float64Array.from(scores, (one) => scoreOf(one, 'value')[0]!)
  }

  encode(completions: readonly PiecedCompletion[], options?: CallOptions): Promise<EncodedCompletion[]> {
    return this.#model.encode(completions, options)
  }

  /** Values at the tokens whose mask is 1. @throws PosttrainError `unsupported` for another score */
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

  /** Weights, with `optimizer` also the optimizer's state, as one safetensors file. */
  save(settings: SaveSettings = {}, options?: CallOptions): Promise<Uint8Array> {
    return this.#model.save(settings, options)
  }

  /** Replaces weights (and optimizer state, where the file has it). @throws PosttrainError `invalid-data` */
  load(checkpoint: Checkpoint, options?: CallOptions): Promise<void> {
    return this.#model.load(checkpoint, options)
  }

  /** Frees the device memory it holds; the device itself is the caller's. */
  dispose(): void {
    this.#model.dispose()
  }
}

/** A policy's tensors without its heads and its optimizer's state. */
const trunk = (tensors: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> =>
  new Map([...tensors].filter(([name]) => !isOptimizerState(name) && !/^(lm_head|value_head)\./.test(name)))
