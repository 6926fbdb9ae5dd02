import type { Device } from '@posttrain/compute'
import { throwIfAborted, type AbortSignalLike, type Estimate } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import { trainSupervised, warmupThenDecay, type SupervisedStep } from '@posttrain/trainers'
import { sha256 } from './checkpoint.js'
import type { PretrainingSettings, Recipe } from './recipe.js'
import { measure } from './run/measure.js'
import { summariseSystem } from './run/summary.js'

const WARMUP_STEPS = 100
const VALIDATION_SAMPLES = 64
const STEPS_PER_LOG_LINE = 10

/** Settings of pretraining. */
export interface PretrainOptions {
  readonly recipe: Recipe
  readonly device: Device
  /** Default: the recipe's, which make the embedded checkpoint. */
  readonly settings?: PretrainingSettings
  /** Told of every step. */
  readonly onStep?: (step: SupervisedStep) => void
  readonly signal?: AbortSignalLike
}

/** How a checkpoint was made and what it can do; committed beside the embedded ones. */
export interface PretrainingLog {
  readonly recipe: string
  readonly settings: PretrainingSettings
  readonly device: string
  readonly parameters: number
  readonly trainingTokens: number
  /** Mean negative log-likelihood per token over the last ten steps, every ten steps. */
  readonly losses: readonly { readonly step: number; readonly loss: number }[]
  /** Measured on validation tasks. */
  readonly validation: Readonly<Record<string, Estimate>>
  readonly sha256: string
}

/**
 * Pretrains a recipe's model from random weights, on training examples alone, and measures it on validation tasks.
 *
 * @returns the checkpoint file and its log
 * @throws PosttrainError `aborted` when the signal fires
 */
export async function pretrain(options: PretrainOptions): Promise<{ checkpoint: Uint8Array; log: PretrainingLog }> {
  const { recipe, device, onStep, signal } = options
  const settings = options.settings ?? recipe.pretraining
  const { steps, batchSize, learningRate, seed } = settings
  const policy = new TransformerPolicy({ device, config: recipe.model, tokenizer: recipe.tokenizer, seed })
  const training = trainSupervised({
    policy,
    batch: recipe.pretrainingBatches(batchSize, seed),
    steps,
    optimizer: {
      learningRate: warmupThenDecay(learningRate, steps, WARMUP_STEPS),
      betas: [0.9, 0.98],
      weightDecay: 0.01,
      maxGradientNorm: 1,
    },
    ...(signal ? { signal } : {}),
  })
  const losses: { step: number; loss: number }[] = []
  let sum = 0
  let trainingTokens = 0
  for await (const event of training) {
    sum += event.loss
    trainingTokens += event.tokens
    if ((event.step + 1) % STEPS_PER_LOG_LINE === 0) {
      losses.push({ step: event.step + 1, loss: sum / STEPS_PER_LOG_LINE })
      sum = 0
    }
    onStep?.(event)
  }
  throwIfAborted(signal)

  const records = await measure({
    system: recipe.name,
    sampler: policy,
    tasks: recipe.tasks.validation,
    reward: recipe.reward,
    samplesPerTask: VALIDATION_SAMPLES,
    maxTokens: recipe.maxTokens,
    seed,
    ...(signal ? { signal } : {}),
  })
  const measured = { seed, evaluationSamples: VALIDATION_SAMPLES }
  const { estimates } = summariseSystem(recipe.name, records, recipe.metrics, measured)
  const checkpoint = await policy.save()
  const log: PretrainingLog = {
    recipe: recipe.name,
    settings,
    device: device.name,
    parameters: policy.parameterCount,
    trainingTokens,
    losses,
    validation: estimates,
    sha256: sha256(checkpoint),
  }
  return { checkpoint, log }
}
