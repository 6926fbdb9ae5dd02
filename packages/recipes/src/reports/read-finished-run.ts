import { basename, resolve } from 'node:path'
import { invalidData } from '@posttrain/core'
import { nodeFileSystem } from '../files/node-file-system.js'
import { createRecipe } from '../recipes.js'
import { requireWorkable, type RunConfig } from '../run/config.js'
import { createExperiment, type Experiment } from '../run/experiment.js'
import { readFinished } from '../run/finished-run.js'
import { RESULTS } from '../run/folder-layout.js'
import { readConfig } from '../run/read-config.js'
import { readTrainingRecords, type TrainingRecord } from '../run/records.js'
import { measuredOf } from '../run/result.js'
import { readSessions, type RunSession } from '../run/sessions.js'
import type { MeasuredVariants } from '../run/summary.js'

/** A finished run, read from its folder. */
export interface ReadRun {
  /** The folder's own name. */
  readonly name: string
  readonly path: string
  readonly config: RunConfig
  readonly experiment: Experiment
  readonly measured: MeasuredVariants
  readonly training: readonly TrainingRecord[]
  readonly sessions: readonly RunSession[]
}

/**
 * Reads a finished run and changes nothing.
 *
 * @throws PosttrainError `invalid-data`, naming the folder or file, for what is no run, not finished, or damaged
 */
export function readFinishedRun(path: string): ReadRun {
  const folder = resolve(path)
  const config = readConfig(nodeFileSystem, folder, 'give the command')
  const finished = readFinished(nodeFileSystem, folder, config)
  if (!finished) {
    throw invalidData(
      `${folder} is not finished`,
      `continue it with: posttrain run ${config.recipe} --resume ${folder}, or see how far it is with: posttrain watch ${folder}`,
    )
  }
  const recipe = createRecipe(config.recipe)
  requireWorkable(config, recipe)
  const experiment = createExperiment(config, recipe)
  const { files } = finished
  return {
    name: basename(folder),
    path: folder,
    config,
    experiment,
    measured: measuredOf(experiment, files.get(RESULTS.samples)!),
    training: readTrainingRecords(new TextDecoder().decode(files.get(RESULTS.metrics)), `${folder}/${RESULTS.metrics}`),
    sessions: readSessions(folder),
  }
}
