import { resolve } from 'node:path'
import { readFile } from 'node:fs/promises'
import { createDevice } from '@posttrain/compute'
import { invalidArgument, invalidData, PosttrainError, type AbortSignalLike } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import { readCheckpoint, sha256 } from '../checkpoint.js'
import { createRecipe } from '../recipes.js'
import { resolveRunConfig, type RunChoices, type RunConfig } from './config.js'
import { BASELINE, createExperiment, type Experiment, type Variant } from './experiment.js'
import { groupsOfRecords } from './measured-groups.js'
import { readSampleRecords, readTrainingRecords, writeRecords } from './records.js'
import type { SampleRecord, TrainingRecord } from './records.js'
import { renderRunReport } from './report.js'
import { nextRunPath, RunFolder } from './run-folder.js'
import { runVariants } from './run-variants.js'
import { summariseRun, type RunSummary } from './summary.js'
import type { VariantProgress } from './variant-progress.js'

/** A new run. */
export interface NewRun {
  readonly recipe: string
  readonly choices?: RunChoices | undefined
  /** Default: the next free folder under `runs`. */
  readonly out?: string | undefined
  /** A checkpoint file to start from (default: the recipe's embedded one). */
  readonly checkpoint?: string | undefined
}

/** What every run may be given. */
export interface RunControl {
  /** Told once, before anything long. */
  readonly onStart?: ((start: RunStart) => void) | undefined
  /** Told of every training step, and while measuring. */
  readonly onProgress?: ((progress: VariantProgress) => void) | undefined
  /** Saves and stops the run, which can then be continued. */
  readonly signal?: AbortSignalLike | undefined
}

/** What is known of a run before it does anything long. */
export interface RunStart {
  readonly path: string
  readonly config: RunConfig
  /** With what they are called in tables and charts. */
  readonly variants: readonly { readonly name: string; readonly label: string }[]
}

/** How a run ended. */
export interface RunResult {
  readonly path: string
  readonly config: RunConfig
  /** Absent after a stop: the run can be continued. */
  readonly summary: RunSummary | undefined
}

/**
 * Starts a run: train one copy of a checkpoint by each algorithm, measure them all on held-out tasks, and write the
 * table, the report and everything behind them to a folder.
 *
 * @throws PosttrainError `invalid-argument` or `invalid-data` before anything is written, for choices that cannot work
 */
export async function startRun(
  { recipe: name, choices = {}, out, checkpoint }: NewRun,
  control: RunControl = {},
): Promise<RunResult> {
  const recipe = createRecipe(name)
  const file = checkpoint === undefined ? await readCheckpoint(name) : await readFileOf(checkpoint)
  const experiment = createExperiment(resolveRunConfig(recipe, choices, sha256(file)), recipe)
  await requireFittingCheckpoint(experiment, file, checkpoint ?? `the embedded checkpoint of ${name}`)
  const folder = RunFolder.create(resolve(out ?? nextRunPath('runs', name)), experiment.config)
  folder.write(folder.checkpointOf(BASELINE), file)
  return execute(experiment, folder, control)
}

/**
 * Continues a run that was stopped. It ends with the files of one that never was.
 *
 * @throws PosttrainError `invalid-data`, naming the file, for a folder that is no run or is damaged
 */
export async function resumeRun(name: string, path: string, control: RunControl = {}): Promise<RunResult> {
  const { folder, config } = RunFolder.open(resolve(path))
  if (config.recipe !== name) {
    throw invalidArgument(
      `${path} is a run of ${config.recipe}, not of ${name}`,
      `use: posttrain run ${config.recipe} --resume ${path}`,
    )
  }
  const base = folder.checkpointOf(BASELINE)
  if (sha256(folder.readFile(base)) !== config.checkpoint) {
    throw invalidData(`${base} of ${path} is not the checkpoint the run started from`, 'start a new run')
  }
  return execute(createExperiment(config), folder, control)
}

async function execute(experiment: Experiment, folder: RunFolder, control: RunControl): Promise<RunResult> {
  const { path } = folder
  const { config, variants, recipe } = experiment
  control.onStart?.({ path, config, variants: variants.map(({ name, label }) => ({ name, label })) })
  const report = control.onProgress ?? (() => {})
  // The checkpoint first: its figures are there while the copies train.
  const complete = folder.isFinished || (await runVariants(experiment, path, report, control.signal))
  if (!complete) return { path, config, summary: undefined }

  const { samples, training } = folder.isFinished ? readResult(folder) : readWork(folder, variants)
  const groups = variants.map(({ name }) => {
    const own = samples.filter((record) => record.system === name)
    return [name, groupsOfRecords(recipe.tasks.heldOut, own)] as const
  })
  const measured = new Map(groups)
  const summary = summariseRun(experiment, measured)
  if (!folder.isFinished) {
    folder.write('samples.jsonl', writeRecords(samples))
    folder.write('metrics.jsonl', writeRecords([...training, ...measurementRecords(summary)]))
    folder.write('report.html', await renderRunReport({ experiment, summary, training, measured }))
    folder.finish()
  }
  return { path, config, summary }
}

interface RunRecords {
  readonly samples: readonly SampleRecord[]
  readonly training: readonly TrainingRecord[]
}

function readWork(folder: RunFolder, variants: readonly Variant[]): RunRecords {
  const text = (name: string): string => folder.readText(name) ?? ''
  const read = <T>(of: (variant: string) => string, parse: (text: string, where: string) => T[]): T[] =>
    variants.flatMap(({ name }) => parse(text(of(name)), `${folder.path}/${of(name)}`))
  return {
    samples: read(folder.samplesOf, readSampleRecords),
    training: read(folder.metricsOf, readTrainingRecords),
  }
}

const readResult = (folder: RunFolder): RunRecords => ({
  samples: readSampleRecords(folder.readText('samples.jsonl') ?? '', `${folder.path}/samples.jsonl`),
  training: [],
})

/** The measured numbers as lines of `metrics.jsonl`, each with its n, interval and what became of unscored samples. */
function measurementRecords({ variants, comparisons }: RunSummary): object[] {
  return [
    ...variants.flatMap(({ variant, estimates }) =>
      Object.values(estimates).map((estimate) => ({ kind: 'measurement', variant, ...estimate })),
    ),
    ...comparisons.map((comparison) => ({ kind: 'comparison', ...comparison })),
  ]
}

async function requireFittingCheckpoint({ recipe, config }: Experiment, file: Uint8Array, name: string): Promise<void> {
  const { device } = await createDevice(config.device)
  try {
    const policy = await TransformerPolicy.fromCheckpoint(device, file)
    if (JSON.stringify(policy.tokenizer.toJSON()) !== JSON.stringify(recipe.tokenizer.toJSON())) {
      throw invalidData(`its vocabulary is not that of ${recipe.name}`)
    }
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    const hint = `make one with: posttrain pretrain ${recipe.name}`
    throw invalidData(`${name} cannot be used: ${error.message}`, hint, error)
  } finally {
    device.dispose()
  }
}

async function readFileOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw invalidData(`cannot read the checkpoint ${path}: ${(error as Error).message}`)
  }
}
