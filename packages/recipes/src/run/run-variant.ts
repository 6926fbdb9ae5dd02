import { createDevice } from '@posttrain/compute'
import { invalidData, PosttrainError } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import { groups } from '@posttrain/sampling'
import { linearWarmup, trainOnline } from '@posttrain/trainers'
import { BASELINE, type Experiment, type Variant, type VariantTraining } from './experiment.js'
import { collectRunRewards } from './reference-rewards.js'
import { readTrainingRecords, recordsOf, writeRecords, type SampleRecord, type TrainingRecord } from './records.js'
import type { RunFolder } from './run-folder.js'
import type { VariantControl } from './variant-progress.js'

/** Steps between two saved training states. */
const STEPS_PER_STATE = 25
const WARMUP_STEPS = 10
/** Samples between two reports of progress while measuring. */
const SAMPLES_PER_REPORT = 256

/**
 * Trains one variant (unless it is the untrained checkpoint) and measures it on the held-out tasks, keeping everything
 * in the run's folder: it continues from what is there, and what it leaves does not depend on how often it was stopped.
 *
 * @returns whether it is complete; false after a stop
 */
export async function runVariant(
  name: string,
  experiment: Experiment,
  folder: RunFolder,
  control: VariantControl,
): Promise<boolean> {
  if (folder.readText(folder.samplesOf(name)) !== undefined) return true
  const variant = experiment.variants.find((one) => one.name === name)!
  const { device } = await createDevice(experiment.config.device)
  const valueHead = variant.training?.algorithm.advantages.needs.includes('values') ?? false
  const base = folder.readFile(folder.checkpointOf(BASELINE))
  const policy = await TransformerPolicy.fromCheckpoint(device, base, { valueHead })
  try {
    if (variant.training) await trainVariant(name, variant.training, experiment, policy, folder, control)
    await measureVariant(variant, experiment, policy, folder, control)
    return true
  } catch (error) {
    if (error instanceof PosttrainError && error.code === 'aborted') return false
    throw error
  } finally {
    device.dispose()
  }
}

async function trainVariant(
  variant: string,
  { algorithm, algorithmWith }: VariantTraining,
  experiment: Experiment,
  policy: TransformerPolicy,
  folder: RunFolder,
  control: VariantControl,
): Promise<void> {
  const { recipe, config } = experiment
  const reference = await policy.snapshot() // before the state of an earlier part of the run is taken up
  const rewards = algorithm.lacks ? await collectRunRewards(variant, experiment, reference, folder, control) : undefined
  const { start, records } = await resume(variant, policy, folder)
  const save = async (): Promise<void> => {
    folder.write(folder.metricsOf(variant), writeRecords(records))
    folder.writeState(variant, records.length, await policy.save({ optimizer: true }))
  }
  const training = trainOnline({
    policy,
    tasks: recipe.tasks.train,
    reward: recipe.reward,
    algorithm: algorithmWith(rewards),
    reference,
    startStep: start,
    steps: config.steps,
    promptsPerStep: config.promptsPerStep,
    samplesPerPrompt: config.samplesPerPrompt,
    sampling: { maxTokens: recipe.maxTokens },
    optimizer: { learningRate: linearWarmup(config.learningRate, WARMUP_STEPS), betas: [0.9, 0.95] },
    seed: config.seed,
    signal: control.signal,
  })
  try {
    for await (const event of training) {
      if (event.kind === 'stopped') throw event.reason
      if (event.kind !== 'step') continue
      const { step, reward, objective, solved, entropy, informative, gradientNorm, tokens } = event
      const measured = { reward, objective, solved, entropy, informative, gradientNorm: gradientNorm!, tokens }
      records.push({ kind: 'training', variant, step, ...measured })
      control.onProgress({ variant, phase: 'train', done: step + 1, total: config.steps, tokens, reward, solved })
      if ((step + 1) % STEPS_PER_STATE === 0) await save()
    }
  } catch (error) {
    await save() // a step that failed or was aborted has changed nothing
    throw error
  }
  await reference.dispose()
  await save()
  folder.write(folder.checkpointOf(variant), await policy.save())
}

/** Takes up the latest training state. */
async function resume(
  variant: string,
  policy: TransformerPolicy,
  folder: RunFolder,
): Promise<{ start: number; records: TrainingRecord[] }> {
  const state = folder.readState(variant)
  if (!state) return { start: 0, records: [] }
  const metrics = folder.metricsOf(variant)
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

/**
 * Draws and judges samples of every held-out task. The seed does not depend on the variant: two of them answer with the
 * same uniforms, which makes their paired difference sharper.
 */
async function measureVariant(
  { name }: Variant,
  { recipe, config }: Experiment,
  policy: TransformerPolicy,
  folder: RunFolder,
  { signal, onProgress }: VariantControl,
): Promise<void> {
  const tasks = recipe.tasks.heldOut.slice(0, config.heldOutTasks)
  const total = tasks.length * config.samplesPerTask
  let [done, tokens] = [0, 0]
  const measured = groups({
    sampler: policy,
    tasks,
    reward: recipe.reward,
    samplesPerTask: config.samplesPerTask,
    sampling: { maxTokens: recipe.maxTokens },
    seed: config.seed,
    signal,
    onSample: ({ usage }) => {
      done++
      tokens += usage.promptTokens + usage.completionTokens
      if (done % SAMPLES_PER_REPORT !== 0 && done !== total) return
      onProgress({ variant: name, phase: 'measure', done, total, tokens })
      tokens = 0
    },
  })
  const records = new Map<string, SampleRecord[]>()
  for await (const group of measured) records.set(group.task.id, recordsOf(name, group))
  folder.write(folder.samplesOf(name), writeRecords(tasks.flatMap(({ id }) => records.get(id)!)))
}
