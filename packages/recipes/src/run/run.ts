import { resolve } from 'node:path'
import { readFile } from 'node:fs/promises'
import { createDevice } from '@posttrain/compute'
import { invalidArgument, invalidData, PosttrainError, type AbortSignalLike } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import { readCheckpoint, sha256 } from '../checkpoint.js'
import type { Recipe } from '../recipe.js'
import { createRecipe } from '../recipes.js'
import { resolveRunConfig, type RunChoices, type RunConfig } from './config.js'
import {
  readSampleRecords,
  readTrainingRecords,
  writeRecords,
  type SampleRecord,
  type TrainingRecord,
} from './records.js'
import { renderRunReport } from './report.js'
import { nextRunPath, RunFolder } from './run-folder.js'
import { runSystems } from './run-systems.js'
import { summariseRun, type RunSummary } from './summary.js'
import { BASE_SYSTEM, type SystemProgress } from './system.js'

/** A new run. */
export interface NewRun {
  readonly recipe: string
  readonly choices?: RunChoices
  /** Default: the next free folder under `runs`. */
  readonly out?: string
  /** A checkpoint file to start from (default: the recipe's embedded one). */
  readonly checkpoint?: string
}

/** What every run may be given. */
export interface RunControl {
  /** Told once, before anything long. */
  readonly onStart?: (start: RunStart) => void
  /** Told of every training step, and while measuring. */
  readonly onProgress?: (progress: SystemProgress) => void
  /** Saves and stops the run, which can then be continued. */
  readonly signal?: AbortSignalLike
}

/** What is known of a run before it does anything long. */
export interface RunStart {
  readonly path: string
  readonly config: RunConfig
  readonly systems: readonly string[]
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
  const config = resolveRunConfig(recipe, choices, sha256(file))
  await requireFittingCheckpoint(recipe, file, config, checkpoint ?? `the embedded checkpoint of ${name}`)
  const folder = RunFolder.create(resolve(out ?? nextRunPath('runs', name)), config)
  folder.write(folder.checkpointOf(BASE_SYSTEM), file)
  return execute(recipe, config, folder, control)
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
  const recipe = createRecipe(config.recipe)
  const base = folder.checkpointOf(BASE_SYSTEM)
  if (sha256(folder.readFile(base)) !== config.checkpoint) {
    throw invalidData(`${base} of ${path} is not the checkpoint the run started from`, 'start a new run')
  }
  return execute(recipe, config, folder, control)
}

async function execute(recipe: Recipe, config: RunConfig, folder: RunFolder, control: RunControl): Promise<RunResult> {
  const { path } = folder
  const systems = [BASE_SYSTEM, ...config.algorithms]
  control.onStart?.({ path, config, systems })
  const report = control.onProgress ?? (() => {})
  // The checkpoint first: its figures are there while the copies train.
  const complete = folder.isFinished || (await runSystems(systems, config, path, report, control.signal))
  if (!complete) return { path, config, summary: undefined }

  const { samples, training } = folder.isFinished ? readResult(folder, systems) : readWork(folder, systems)
  const summary = summariseRun(recipe, config, samples)
  if (!folder.isFinished) {
    folder.write('samples.jsonl', writeRecords([...samples.values()].flat()))
    folder.write('metrics.jsonl', writeRecords([...training, ...measurementRecords(summary)]))
    folder.write('report.html', await renderRunReport({ recipe, config, summary, training, samples }))
    folder.finish()
  }
  return { path, config, summary }
}

interface RunRecords {
  readonly samples: ReadonlyMap<string, readonly SampleRecord[]>
  readonly training: readonly TrainingRecord[]
}

function readWork(folder: RunFolder, systems: readonly string[]): RunRecords {
  const text = (name: string): string => folder.readText(name) ?? ''
  const samples = systems.map((system): [string, SampleRecord[]] => {
    const name = folder.samplesOf(system)
    return [system, readSampleRecords(text(name), `${folder.path}/${name}`)]
  })
  const training = systems
    .map((s) => folder.metricsOf(s))
    .flatMap((m) => readTrainingRecords(text(m), `${folder.path}/${m}`))
  return { samples: new Map(samples), training }
}

function readResult(folder: RunFolder, systems: readonly string[]): RunRecords {
  const records = readSampleRecords(folder.readText('samples.jsonl') ?? '', `${folder.path}/samples.jsonl`)
  const samples = systems.map((system): [string, SampleRecord[]] => [
    system,
    records.filter((r) => r.system === system),
  ])
  return { samples: new Map(samples), training: [] }
}

/** The measured numbers as lines of `metrics.jsonl`, each with its n, interval and denominator policy. */
function measurementRecords({ systems, comparisons }: RunSummary): object[] {
  return [
    ...systems.flatMap(({ system, estimates }) =>
      Object.values(estimates).map((estimate) => ({ kind: 'measurement', system, ...estimate })),
    ),
    ...comparisons.map((comparison) => ({ kind: 'comparison', ...comparison })),
  ]
}

async function requireFittingCheckpoint(
  recipe: Recipe,
  file: Uint8Array,
  config: RunConfig,
  name: string,
): Promise<void> {
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
