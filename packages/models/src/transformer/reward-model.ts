import type { Device, DeviceBuffer } from '@posttrain/compute'
import {
  requireFiniteArray,
  requireLength,
  throwIfAborted,
  unsupported,
  type CallOptions,
  type OptimizerStep,
  type StepReport,
} from '@posttrain/core'
import { LearnedParameters } from '../learned-parameters.js'
import type { Tensor } from '../safetensors.js'
import type { Tokenizer } from '../tokenizer.js'
import { WorkspacePool } from '../workspace.js'
import { architectureOf, requireSameArchitecture } from './architecture.js'
import type { TokenizedSequence } from './batch.js'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.js'
import { parseTransformerConfig, type TransformerConfig } from './config.js'
import { beginningParameters } from './initial-parameters.js'
import { allocateAngles, type TransformerModel } from './model.js'
import { parameterLayout, viewParameters, type TransformerParameters } from './parameters.js'
import { runRewardPass } from './reward-pass.js'

/** Sequences per pass. */
const SEQUENCES_PER_PASS = 32

/** A completion to be judged. */
export interface JudgedCompletion {
  readonly prompt: string
  readonly completion: string
}

/** Rewards that remember how they were made. */
export interface RewardForwardPass {
  /** One per completion. */
  readonly rewards: Float64Array
  /** Adds ∂loss/∂parameters to the model's gradients, given ∂loss/∂reward of each completion. At most once. */
  backward(cotangents: ArrayLike<number>): Promise<void>
  /** Frees the stored activations; `backward` does so too. */
  dispose(): void
}

/** What a RewardModel is made of. */
export interface RewardModelOptions {
  readonly device: Device
  /** Its `tiedHead` and `valueHead` are of no account: the model has one head, which makes the reward. */
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  /** Seed of the initial weights (default 0). */
  readonly seed?: number
  /** Weights to begin with, by name, in place of random ones; those of the head may be left out. */
  readonly weights?: ReadonlyMap<string, Tensor>
}

/**
 * A transformer that judges a completion by one number, a linear function of what it makes of the last token. Its
 * caller trains it, for instance with the Bradley–Terry loss −log σ(r(better) − r(worse)), of which ∂/∂r(better) is
 * −σ(r(worse) − r(better)) and ∂/∂r(worse) its negative.
 *
 * Ouyang et al., Training language models to follow instructions with human feedback, section 3.5,
 * https://arxiv.org/abs/2203.02155
 *
 * @example
 * ```ts
 * import { createReferenceDevice } from '@posttrain/compute'
 *
 * const tokenizer = wordTokenizer(['0', '1', '.'], '.')
 * const config = gpt2Like({ vocabulary: 3, context: 8, width: 8, layers: 1, heads: 2 })
 * const model = new RewardModel({ device: createReferenceDevice(), config, tokenizer })
 * const pair = ['1 .', '0 .'].map((completion) => ({ prompt: '0 1', completion }))
 * for (let step = 0; step < 30; step++) {
 *   const { rewards, backward } = await model.forward(pair)
 *   const slope = 1 / (1 + Math.exp(rewards[0]! - rewards[1]!))
 *   await backward([-slope, slope])
 *   await model.step({ learningRate: 0.01 })
 * }
 * const [better, worse] = await model.rewards(pair)
 * better! > worse! + 1 // => true
 * ```
 */
export class RewardModel {
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  readonly #weights: LearnedParameters
  readonly #model: TransformerModel
  readonly #workspaces: WorkspacePool
  readonly #view: (buffer: DeviceBuffer) => TransformerParameters

  /** @throws PosttrainError `invalid-data` for a configuration or weights that are not right */
  constructor({ device, config, tokenizer, seed = 0, weights }: RewardModelOptions) {
    // A tied head is no tensor of its own, so that there is no untrained one beside the reward's.
    this.config = parseTransformerConfig({ ...config, tiedHead: true, valueHead: true })
    this.tokenizer = tokenizer
    const architecture = architectureOf(this.config)
    const layout = parameterLayout(architecture)
    this.#view = (buffer) => viewParameters(buffer, layout, architecture)
    this.#weights = new LearnedParameters(device, layout, beginningParameters(layout, seed, weights))
    const angles = allocateAngles(device, architecture)
    this.#model = { device, architecture, parameters: this.#view(this.#weights.values), angles }
    this.#workspaces = new WorkspacePool(device)
  }

  /**
   * A reward model from a file: one of a reward model, or a policy's, whose layers it takes over under a head that says
   * 0 to begin with.
   *
   * @throws PosttrainError `invalid-data`, naming the tensor, for a file that is not such a checkpoint
   */
  static async fromCheckpoint(device: Device, file: Uint8Array): Promise<RewardModel> {
    const { kind, config, tokenizer, tensors } = decodeCheckpoint(file, ['reward-model', 'transformer'])
    const model = new RewardModel({
      device,
      config,
      tokenizer,
      weights: kind === 'reward-model' ? tensors : trunk(tensors),
    })
    if (kind === 'reward-model') await model.load(file)
    return model
  }

  /** The reward of each completion, in order. */
  async rewards(completions: readonly JudgedCompletion[], { signal }: CallOptions = {}): Promise<Float64Array> {
    const rewards: number[] = []
    for (let start = 0; start < completions.length; start += SEQUENCES_PER_PASS) {
      throwIfAborted(signal)
      const pass = await this.forward(completions.slice(start, start + SEQUENCES_PER_PASS))
      pass.dispose()
      rewards.push(...pass.rewards)
    }
    return Float64Array.from(rewards)
  }

  /** As `rewards`, keeping what `backward` needs. */
  async forward(completions: readonly JudgedCompletion[]): Promise<RewardForwardPass> {
    const sequences = completions.map((one) => this.#tokenized(one))
    const { result: pass, workspace } = await this.#workspaces.give((one) => runRewardPass(this.#model, one, sequences))
    let spent = false
    const dispose = (): void => {
      if (!spent) this.#workspaces.giveBack(workspace)
      spent = true
    }
    return {
      rewards: pass.rewards,
      backward: async (cotangents) => {
        if (spent) throw unsupported('this forward pass has been used or disposed', 'call forward again')
        requireLength('cotangents', cotangents, completions.length)
        requireFiniteArray('cotangents', cotangents)
        pass.backward(cotangents, this.#view(this.#weights.gradients))
        dispose()
      },
      dispose,
    }
  }

  /** Applies the accumulated gradients and sets them to zero. */
  step(settings: OptimizerStep): Promise<StepReport> {
    return this.#weights.step(settings)
  }

  /** Weights, with `optimizer` also the optimizer's state, as one safetensors file. */
  async save({ optimizer = false }: { readonly optimizer?: boolean } = {}): Promise<Uint8Array> {
    const { config, tokenizer } = this
    const tensors = await this.#weights.tensors(optimizer)
    return encodeCheckpoint({ kind: 'reward-model', config, tokenizer, tensors, steps: this.#weights.steps })
  }

  /** Replaces weights (and optimizer state, where the file has it). @throws PosttrainError `invalid-data` */
  async load(file: Uint8Array): Promise<void> {
    const { config, tensors, steps } = decodeCheckpoint(file, ['reward-model'])
    requireSameArchitecture(architectureOf(config), this.#model.architecture)
    this.#weights.replace(tensors, steps)
  }

  /** Frees the device memory it holds; the device itself is the caller's. */
  dispose(): void {
    this.#weights.dispose()
    this.#model.angles?.dispose()
    this.#workspaces.dispose()
  }

  #tokenized({ prompt, completion }: JudgedCompletion): TokenizedSequence {
    return { prompt: this.tokenizer.encodePrompt(prompt), completion: this.tokenizer.encode(completion) }
  }
}

/** A policy's tensors without its heads and its optimizer's state. */
const trunk = (tensors: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> =>
  new Map([...tensors].filter(([name]) => !/^(lm_head|value_head|adamw)\./.test(name)))
