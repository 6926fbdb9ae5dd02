import { createDevice } from '@posttrain/compute'
import { PosttrainError, type PolicySnapshot } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import { groups } from '@posttrain/sampling'
import { linearWarmup, trainOnline } from '@posttrain/trainers'
import { divergences } from './divergences.js'
import type { Experiment, Variant, VariantTraining } from './experiment.js'
import { collectRunRewards } from './reference-rewards.js'
import { recordsOf, writeRecords, type SampleRecord } from './records.js'
import type { RunFolder } from './run-folder.js'
import { takeUpState } from './take-up-state.js'
import type { VariantControl } from './variant-progress.js'
import type { VariantWork } from './variant-work.js'

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
 * @throws PosttrainError `exploded` for a step that would not be finite: the state before it is saved
 */
export async function runVariant(
  name: string,
  experiment: Experiment,
  folder: RunFolder,
  control: VariantControl,
): Promise<boolean> {
  const work = folder.workOf(name)
  if (isMeasured(work, control)) return true
  const variant = experiment.variants.find((one) => one.name === name)!
  const { device } = await createDevice(experiment.config.device)
  const valueHead = variant.training?.algorithm.advantages.needs.includes('values') ?? false
  try {
    const policy = await TransformerPolicy.fromCheckpoint(device, folder.readBase(), { valueHead })
    const base = variant.training && (await policy.snapshot()) // before the state of an earlier part is taken up
    if (variant.training) await trainVariant(name, variant.training, experiment, { policy, base: base! }, work, control)
    await measureVariant(variant, experiment, { policy, base }, work, control)
    return true
  } catch (error) {
    if (error instanceof PosttrainError && error.code === 'aborted') return false
    throw error
  } finally {
    device.dispose()
  }
}

/** Whether the variant was measured; what it left may be damaged. */
function isMeasured(work: VariantWork, { onNotice }: VariantControl): boolean {
  try {
    return work.readMeasured() !== undefined
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    onNotice(`${error.message}; it is made again`)
    return false
  }
}

async function trainVariant(
  variant: string,
  { algorithm, algorithmWith }: VariantTraining,
  experiment: Experiment,
  { policy, base }: { readonly policy: TransformerPolicy; readonly base: PolicySnapshot },
  work: VariantWork,
  control: VariantControl,
): Promise<void> {
  const { recipe, config } = experiment
  const rewards = algorithm.lacks ? await collectRunRewards(variant, experiment, base, work, control) : undefined
  const { start, records } = await takeUpState(policy, work, control)
  let saved = start
  const save = async (): Promise<void> => {
    if (records.length === saved) return
    work.saveState(records.length, records, await policy.save({ optimizer: true }))
    saved = records.length
  }
  const training = trainOnline({
    policy,
    tasks: recipe.tasks.train,
    reward: recipe.reward,
    algorithm: algorithmWith(rewards),
    reference: base,
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
      if (event.kind === 'stopped') {
        await policy.load(event.checkpoint) // which refuses what is not finite
        throw exploded(variant, event.step, event.reason, work)
      }
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
  await save()
}

const exploded = (variant: string, step: number, reason: PosttrainError, { path }: VariantWork): PosttrainError =>
  new PosttrainError(
    'exploded',
    `training ${variant} ended before step ${step + 1}: ${reason.message}`,
    `${step > 0 ? `the state before that step is kept in ${path}; ` : ''}start a new run with a smaller learning rate`,
    { cause: reason },
  )

/**
 * Draws and judges samples of every held-out task. The seed does not depend on the variant: two of them answer with the
 * same uniforms, which makes their paired difference sharper.
 */
async function measureVariant(
  { name, training }: Variant,
  { recipe, config }: Experiment,
  { policy, base }: { readonly policy: TransformerPolicy; readonly base: PolicySnapshot | undefined },
  work: VariantWork,
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
  for await (const group of measured) {
    const kls = base && (await divergences(policy, base, group, { signal }))
    records.set(group.task.id, recordsOf(name, group, kls))
  }
  const samples = new TextEncoder().encode(writeRecords(tasks.flatMap(({ id }) => records.get(id)!)))
  work.saveMeasured({ samples, checkpoint: training ? await policy.save() : undefined })
}
