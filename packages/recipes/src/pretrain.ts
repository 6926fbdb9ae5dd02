import type { Device } from '@posttrain/compute'
import { sum, throwIfAborted, type AbortSignalLike, type Estimate } from '@posttrain/core'
import { parseObjective } from '@posttrain/estimators'
import { supervisedLoss, tokenMean } from '@posttrain/losses'
import { TransformerPolicy } from '@posttrain/models'
import { groups } from '@posttrain/sampling'
import { trainOffline, warmupThenDecay, type OfflineStep } from '@posttrain/trainers'
import { sha256 } from './files/named-file.js'
import type { PretrainingSettings, Recipe } from './recipe.js'
import type { MeasuredGroup } from './run/measured-groups.js'
import { summariseVariant } from './run/summary.js'

const WARMUP_STEPS = 100
const VALIDATION_SAMPLES = 64
const STEPS_PER_LOG_LINE = 10

/** Settings of pretraining. */
export interface PretrainOptions {
  readonly recipe: Recipe
  readonly device: Device
  /** Default: the recipe's, which make the embedded checkpoint. */
  readonly settings?: PretrainingSettings | undefined
  /** Told of every step. */
  readonly onStep?: ((step: OfflineStep) => void) | undefined
  readonly signal?: AbortSignalLike | undefined
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
  const training = trainOffline({
    model: policy,
    loss: supervisedLoss(),
    aggregation: tokenMean(),
    batch: recipe.pretrainingBatches(batchSize, seed),
    steps,
    optimizer: {
      learningRate: warmupThenDecay(learningRate, steps, WARMUP_STEPS),
      betas: [0.9, 0.98],
      weightDecay: 0.01,
      maxGradientNorm: 1,
    },
    signal,
  })
  const losses: { step: number; loss: number }[] = []
  let recent: number[] = []
  let trainingTokens = 0
  for await (const event of training) {
    if (event.kind === 'stopped') throw event.reason
    recent.push(event.loss)
    trainingTokens += event.tokens
    if (recent.length === STEPS_PER_LOG_LINE) {
      losses.push({ step: event.step + 1, loss: sum(recent) / STEPS_PER_LOG_LINE })
      recent = []
    }
    onStep?.(event)
  }
  throwIfAborted(signal)

  const measured: MeasuredGroup[] = []
  for await (const group of groups({
    sampler: policy,
    tasks: recipe.tasks.validation,
    reward: recipe.reward,
    samplesPerTask: VALIDATION_SAMPLES,
    sampling: { maxTokens: recipe.maxTokens },
    seed,
    signal,
  })) {
    measured.push({ ...group, logprobs: group.samples.map(({ logprobs }) => sum(logprobs!.values)), kls: undefined })
  }
  const metrics = recipe.metrics.map((name) => parseObjective(name))
  const variant = { name: recipe.name, label: recipe.title, groups: measured }
  const { estimates } = summariseVariant(variant, metrics, { seed, samplesPerTask: VALIDATION_SAMPLES })
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
