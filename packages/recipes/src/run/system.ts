import { createDevice } from '@posttrain/compute'
import { invalidData, PosttrainError } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import { findAlgorithm, linearWarmup, parseAlgorithm, trainOnline } from '@posttrain/trainers'
import type { Recipe } from '../recipe.js'
import { createRecipe } from '../recipes.js'
import type { RunConfig } from './config.js'
import { measure } from './measure.js'
import { collectRunRewards } from './reference-rewards.js'
import { readTrainingRecords, writeRecords, type TrainingRecord } from './records.js'
import type { RunFolder } from './run-folder.js'

/** The untrained checkpoint, as a system beside the trained ones. */
export const BASE_SYSTEM = 'checkpoint'

/** Steps between two saved training states. */
const STEPS_PER_STATE = 25
const WARMUP_STEPS = 10

/** How far a system is. */
export interface SystemProgress {
  readonly system: string
  readonly phase: 'prepare' | 'train' | 'measure'
  readonly done: number
  readonly total: number
  /** Tokens sampled since the last report. */
  readonly tokens: number
  /** Of the last training step. */
  readonly reward?: number
  readonly solved?: number
}

/** Asked between steps and samples. */
export interface SystemControl {
  readonly shouldStop: () => boolean
  readonly onProgress: (progress: SystemProgress) => void
}

/**
 * Trains one system (unless it is the untrained checkpoint) and measures it on the held-out tasks, keeping everything
 * in the run's folder: it continues from what is there, and what it leaves does not depend on how often it was stopped.
 *
 * @returns whether it is complete; false after a stop
 */
export async function runSystem(
  system: string,
  config: RunConfig,
  folder: RunFolder,
  control: SystemControl,
): Promise<boolean> {
  if (folder.readText(folder.samplesOf(system)) !== undefined) return true
  const recipe = createRecipe(config.recipe)
  const { device } = await createDevice(config.device)
  const valueHead = system !== BASE_SYSTEM && needsValues(system, recipe)
  const base = folder.readFile(folder.checkpointOf(BASE_SYSTEM))
  const policy = await TransformerPolicy.fromCheckpoint(device, base, { valueHead })
  try {
    const trained = system === BASE_SYSTEM || (await trainSystem(system, recipe, policy, config, folder, control))
    if (!trained) return false
    return await measureSystem(system, recipe, policy, config, folder, control)
  } finally {
    device.dispose()
  }
}

/** True if the algorithm trains a critic, which the checkpoint has not. */
const needsValues = (system: string, recipe: Recipe): boolean =>
  parseAlgorithm(system, recipe).advantages.needs.includes('values')

async function trainSystem(
  system: string,
  recipe: Recipe,
  policy: TransformerPolicy,
  config: RunConfig,
  folder: RunFolder,
  { shouldStop, onProgress }: SystemControl,
): Promise<boolean> {
  const reference = await policy.snapshot() // before the state of an earlier part of the run is taken up
  const { needsReferenceRewards } = findAlgorithm(system).row
  const control = { shouldStop, onProgress }
  const rewards = needsReferenceRewards && (await collectRunRewards(system, recipe, config, reference, folder, control))
  if (needsReferenceRewards && !rewards) return false
  const known = rewards ? { referenceRewards: rewards } : {}
  const algorithm = parseAlgorithm(system, { maxTokens: recipe.maxTokens, seed: config.seed, ...known })
  const { start, records } = await resume(system, policy, folder)
  const save = async (step: number): Promise<void> => {
    folder.write(folder.metricsOf(system), writeRecords(records))
    folder.writeState(system, step, await policy.save({ optimizer: true }))
  }
  const training = trainOnline({
    policy,
    tasks: recipe.tasks.train,
    reward: recipe.reward,
    algorithm,
    reference,
    startStep: start,
    steps: config.steps,
    promptsPerStep: config.prompts,
    samplesPerPrompt: config.samples,
    maxTokens: recipe.maxTokens,
    optimizer: { learningRate: linearWarmup(config.learningRate, WARMUP_STEPS), betas: [0.9, 0.95] },
    seed: config.seed,
  })
  for await (const event of training) {
    if (event.kind === 'stopped') {
      folder.write(folder.metricsOf(system), writeRecords(records))
      folder.writeState(system, event.step, event.checkpoint)
      throw event.reason
    }
    if (event.kind !== 'step') continue
    const { step, reward, objective, solved, entropy, informative, gradientNorm, tokens } = event
    records.push({
      kind: 'training',
      system,
      step,
      reward,
      objective,
      solved,
      entropy,
      informative,
      gradientNorm,
      tokens,
    })
    onProgress({ system, phase: 'train', done: step + 1, total: config.steps, tokens, reward, solved })
    const stop = shouldStop()
    if (stop || (step + 1) % STEPS_PER_STATE === 0) await save(step + 1)
    if (stop) return false
  }
  reference.dispose()
  await save(config.steps)
  folder.write(folder.checkpointOf(system), await policy.save())
  return true
}

/** Takes up the latest training state. */
async function resume(
  system: string,
  policy: TransformerPolicy,
  folder: RunFolder,
): Promise<{ start: number; records: TrainingRecord[] }> {
  const state = folder.readState(system)
  if (!state) return { start: 0, records: [] }
  const metrics = folder.metricsOf(system)
  const records = readTrainingRecords(folder.readText(metrics) ?? '', `${folder.path}/${metrics}`)
  const kept = records.filter((record) => record.step < state.step)
  if (kept.length !== state.step) {
    throw invalidData(`${folder.path}/${metrics} has ${kept.length} of ${state.step} steps`, 'start a new run')
  }
  try {
    await policy.load(state.file)
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    throw invalidData(`cannot continue from ${state.name}: ${error.message}`, 'start a new run', error)
  }
  return { start: state.step, records: kept }
}

async function measureSystem(
  system: string,
  recipe: Recipe,
  policy: TransformerPolicy,
  config: RunConfig,
  folder: RunFolder,
  { shouldStop, onProgress }: SystemControl,
): Promise<boolean> {
  const tasks = recipe.tasks.heldOut.slice(0, config.evaluationTasks)
  const total = tasks.length * config.evaluationSamples
  const stop = new AbortController()
  let reported = 0
  try {
    const records = await measure({
      system,
      sampler: policy,
      tasks,
      reward: recipe.reward,
      samplesPerTask: config.evaluationSamples,
      maxTokens: recipe.maxTokens,
      seed: config.seed,
      signal: stop.signal,
      onSample: (done, tokens) => {
        if (shouldStop()) stop.abort()
        if (done % 256 !== 0 && done !== total) return
        onProgress({ system, phase: 'measure', done, total, tokens: tokens - reported })
        reported = tokens
      },
    })
    folder.write(folder.samplesOf(system), writeRecords(records))
    return true
  } catch (error) {
    if (error instanceof PosttrainError && error.code === 'aborted') return false
    throw error
  }
}
