import type { Device } from '@posttrain/compute'
import {
  invalidData,
  requireInteger,
  type CallOptions,
  type Checkpoint,
  type EncodedCompletion,
  type ForwardPass,
  type LogprobProvenance,
  type OptimizerStep,
  type PiecedCompletion,
  type SaveSettings,
  type ScoreRequest,
  type StepReport,
  type TokenScores,
  type TokenSequence,
} from '@posttrain/core'
import type { TextCodec } from '@posttrain/text'
import { checkpointBytes } from '../checkpoint-bytes.js'
import { encodeAll } from '../encode-all.js'
import { fingerprint } from '../fingerprint.js'
import { LearnedParameters } from '../learned-parameters.js'
import type { Tensor } from '../tensor.js'
import type { TrainedParameters } from '../trained-parameters.js'
import { TrainingCalls } from '../training-calls.js'
import { AdaptedParameters } from './adapted-parameters.js'
import { architectureOf, requireSameArchitecture } from './architecture.js'
import { decodeCheckpoint, encodeCheckpoint, type CheckpointHeader, type CheckpointKind } from './checkpoint.js'
import type { TransformerConfig } from './config.js'
import { initialParameters } from './initial-parameters.js'
import type { LoraSettings } from './lora.js'
import { parameterLayout } from './parameters.js'
import { planRewardModel, planTransformer } from './plan-transformer.js'
import { requireSizes } from './require-sizes.js'
import { TransformerRunner, type ScoringJob } from './runner.js'
import { frozenParameters } from './snapshot.js'

/** What a transformer that learns is made of. */
export interface TrainedTransformerOptions {
  readonly device: Device
  readonly kind: CheckpointKind
  readonly config: TransformerConfig
  readonly codec: TextCodec
  readonly seed: number
  readonly weights: ReadonlyMap<string, Tensor> | undefined
  readonly lora: LoraSettings | undefined
  readonly lineage: string | undefined
}

/** What a policy and a reward model have in common: weights that are scored with, trained, saved and loaded. */
export class TrainedTransformer {
  readonly calls: TrainingCalls = new TrainingCalls()
  readonly runner: TransformerRunner
  readonly weights: TrainedParameters
  readonly #kind: CheckpointKind
  readonly #config: TransformerConfig
  readonly #lora: LoraSettings | undefined
  #lineage: string

  /**
   * @throws PosttrainError `invalid-data` for weights that do not fit, `unsupported` if the device has no memory for
   *   the model; the device then has what it had
   */
  constructor({ device, kind, config, codec, seed, weights, lora, lineage }: TrainedTransformerOptions) {
    this.#kind = kind
    this.#config = config
    this.#lora = lora
    requireInteger('seed', seed)
    const architecture = architectureOf(config)
    requireSizes(architecture, weights, lora)
    const layout = parameterLayout(architecture)
    const initial = initialParameters(layout, seed, weights)
    this.#lineage = lineage ?? fingerprint(JSON.stringify([kind, config, lora ? [lora, seed] : null]), initial)
    this.weights = lora
      ? new AdaptedParameters(device, layout, initial, lora, seed)
      : new LearnedParameters(device, layout, initial)
    try {
      this.runner = new TransformerRunner(device, config, codec, kind === 'reward-model' ? 'token' : 'before')
    } catch (error) {
      this.weights.dispose()
      throw error
    }
  }

  get provenance(): LogprobProvenance {
    const { name } = this.runner.device
    return {
      engine: `transformer/${name}`,
      dtype: name === 'reference' ? 'f64' : 'f32',
      weights: this.#lineage,
      step: this.weights.progress.steps,
    }
  }

  /** What a checkpoint holds beside weights. */
  get header(): CheckpointHeader {
    return {
      kind: this.#kind,
      config: this.#config,
      codec: this.runner.codec,
      lineage: this.#lineage,
      progress: this.weights.progress,
      lora: this.#lora,
    }
  }

  encode(completions: readonly PiecedCompletion[], options?: CallOptions): Promise<EncodedCompletion[]> {
    return encodeAll(this.runner.codec, completions, options)
  }

  score(
    sequences: readonly TokenSequence[],
    request: ScoreRequest,
    options?: CallOptions,
  ): Promise<readonly TokenScores[]> {
    return this.calls.read('score', async () => this.runner.score(this.#job(sequences, request), options), options)
  }

  forward(sequences: readonly TokenSequence[], request: ScoreRequest, options?: CallOptions): Promise<ForwardPass> {
    const gradients = (): TrainedParameters['gradients'] => this.weights.gradients
    const compute = async (): ReturnType<TransformerRunner['forward']> =>
      this.runner.forward(this.#job(sequences, request), gradients, options)
    return this.calls.forward(compute, options)
  }

  step(settings: OptimizerStep, options?: CallOptions): Promise<StepReport> {
    return this.calls.change('step', () => this.weights.step(settings), options)
  }

  save({ optimizer = false }: SaveSettings, options?: CallOptions): Promise<Uint8Array> {
    const work = async (): Promise<Uint8Array> => {
      const tensors = await this.weights.tensors(optimizer)
      return encodeCheckpoint({ ...this.header, tensors }, optimizer)
    }
    return this.calls.read('save', work, options)
  }

  load(checkpoint: Checkpoint, options?: CallOptions): Promise<void> {
    const work = async (): Promise<void> => {
      const { config, tensors, progress, lineage, lora } = decodeCheckpoint(checkpointBytes(checkpoint), [this.#kind])
      requireSameArchitecture(architectureOf(config), this.runner.architecture)
      if (lora && this.#lora) requireSameAdapter(lora, this.#lora)
      this.weights.replace(tensors, progress)
      this.#lineage = lineage ?? this.#lineage
    }
    return this.calls.change('load', work, options)
  }

  /** Says what its weights are: another point of a training run, or the beginning of a new one. */
  rename(lineage: string, steps: number): void {
    this.#lineage = lineage
    this.weights.resumeAt({ ...this.weights.progress, steps })
  }

  dispose(): void {
    this.weights.dispose()
    this.runner.dispose()
  }

  #job(sequences: readonly TokenSequence[], request: ScoreRequest): ScoringJob {
    const { architecture } = this.runner
    const plan =
      this.#kind === 'reward-model' ? planRewardModel(request) : planTransformer(request, architecture.valueHead)
    const reference = plan.readsReference ? frozenParameters(request.reference, this.runner) : undefined
    return { weights: this.weights.values, reference, sequences, plan }
  }
}

/** Loads what a new model continues from; if that is refused, the model is not kept. */
export async function loadedOrDisposed(
  model: Pick<TrainedTransformer, 'load' | 'dispose'>,
  checkpoint: Checkpoint,
): Promise<void> {
  try {
    await model.load(checkpoint)
  } catch (error) {
    model.dispose()
    throw error
  }
}

function requireSameAdapter(saved: LoraSettings, own: LoraSettings): void {
  if (saved.rank === own.rank && saved.alpha === own.alpha) return
  const settings = ({ rank, alpha }: LoraSettings): string => `rank ${rank} and alpha ${alpha}`
  throw invalidData(`the adapter has ${settings(saved)}, but the policy has ${settings(own)}`)
}
