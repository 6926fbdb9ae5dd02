import { resolve } from 'node:path'
import { invalidArgument, throwIfAborted, type AbortSignalLike } from '@posttrain/core'
import { readCheckpoint, readCheckpointFile } from '../checkpoint.js'
import { sha256 } from '../files/named-file.js'
import { createRecipe } from '../recipes.js'
import { requireWorkable, resolveRunConfig, type RunChoices, type RunConfig } from './config.js'
import { createExperiment, type Experiment } from './experiment.js'
import { requireFittingCheckpoint } from './fitting-checkpoint.js'
import { resultOf, summaryOf } from './result.js'
import { RunFolder } from './run-folder.js'
import { runVariants } from './run-variants.js'
import { beginSession } from './sessions.js'
import type { RunSummary } from './summary.js'
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
  /** Told, in a sentence, of damage in the folder that is healed. */
  readonly onNotice?: ((notice: string) => void) | undefined
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
 * @throws PosttrainError before anything is written: `invalid-argument` or `invalid-data` for choices that cannot
 *   work or a folder that cannot be written, `aborted` at the signal; later: `machine-failed` for a disk that is full
 *   or gone and a thread that died, `exploded` for a step that would not be finite. What was saved until then is kept
 */
export async function startRun(
  { recipe: name, choices = {}, out, checkpoint }: NewRun,
  control: RunControl = {},
): Promise<RunResult> {
  const recipe = createRecipe(name)
  const base = checkpoint === undefined ? await readCheckpoint(name) : await readCheckpointFile(checkpoint)
  const experiment = createExperiment(resolveRunConfig(recipe, choices, sha256(base)), recipe)
  const device = await requireFittingCheckpoint(experiment, base, checkpoint ?? `the embedded checkpoint of ${name}`)
  throwIfAborted(control.signal)
  const { config } = experiment
  const folder = await (out === undefined
    ? RunFolder.createNext(resolve('runs'), config, base)
    : RunFolder.create(resolve(out), config, base))
  try {
    return await carryOut(experiment, folder, device, control)
  } finally {
    folder.release()
  }
}

/**
 * Continues a run that was stopped, killed, or could not write. It ends with the files of one that never was. A run
 * that is finished is compared with its manifest and shown.
 *
 * @throws PosttrainError `invalid-data`, naming the file, for a folder that is no run, or is damaged in a way that
 *   cannot be healed; `invalid-argument` if another process is at it; otherwise as `startRun`
 */
export async function resumeRun(name: string, path: string, control: RunControl = {}): Promise<RunResult> {
  const opened = await RunFolder.open(resolve(path))
  try {
    const experiment = experimentOf(opened.config, name, path)
    if (!(opened instanceof RunFolder)) {
      announce(experiment, resolve(path), control)
      return { path: resolve(path), config: opened.config, summary: summaryOf(experiment, opened.files) }
    }
    for (const variant of experiment.variants) opened.workOf(variant.name) // damage is refused before any work
    const device = await requireFittingCheckpoint(experiment, await baseOf(opened), `the checkpoint of ${path}`)
    return await carryOut(experiment, opened, device, control)
  } finally {
    if (opened instanceof RunFolder) opened.release()
  }
}

/** Checks a configuration that was read as one that was chosen is. */
function experimentOf(config: RunConfig, name: string, path: string): Experiment {
  const recipe = createRecipe(config.recipe)
  if (config.recipe !== name) {
    throw invalidArgument(
      `${path} is a run of ${config.recipe}, not of ${name}`,
      `use: posttrain run ${config.recipe} --resume ${path}`,
    )
  }
  requireWorkable(config, recipe)
  return createExperiment(config, recipe)
}

/** The checkpoint a run started from; the embedded one can be taken again. */
async function baseOf(folder: RunFolder): Promise<Uint8Array> {
  try {
    return folder.readBase()
  } catch (error) {
    const embedded = await readCheckpoint(folder.config.recipe)
    if (sha256(embedded) !== folder.config.checkpoint) throw error
    folder.writeBase(embedded)
    return embedded
  }
}

async function carryOut(
  experiment: Experiment,
  folder: RunFolder,
  device: string,
  control: RunControl,
): Promise<RunResult> {
  const endSession = beginSession(folder.path, device)
  try {
    return await carryOn(experiment, folder, control)
  } finally {
    endSession()
  }
}

async function carryOn(experiment: Experiment, folder: RunFolder, control: RunControl): Promise<RunResult> {
  const { path, config } = folder
  announce(experiment, path, control)
  const { onProgress = () => {}, onNotice = () => {}, signal } = control
  // The checkpoint first: its figures are there while the copies train.
  const complete = await runVariants(experiment, folder, { onProgress, onNotice, signal })
  if (!complete) return { path, config, summary: undefined }
  const { summary, files } = await resultOf(experiment, folder)
  folder.finish(files)
  return { path, config, summary }
}

const announce = ({ config, variants }: Experiment, path: string, { onStart }: RunControl): void =>
  onStart?.({ path, config, variants: variants.map(({ name, label }) => ({ name, label })) })
