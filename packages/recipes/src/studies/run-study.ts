import { join, resolve } from 'node:path'
import { invalidArgument, invalidData, systemCode } from '@posttrain/core'
import { nodeFileSystem as fs } from '../files/node-file-system.js'
import { isThere, makeFolders, readIfThere, writeWhole } from '../files/whole-file.js'
import { readFinishedRun } from '../reports/read-finished-run.js'
import { reportRuns } from '../reports/report-runs.js'
import { renderRunsReport } from '../reports/runs-page.js'
import type { RunsReport } from '../reports/runs-report.js'
import { createRecipe } from '../recipes.js'
import { resolveRunConfig, type RunChoices } from '../run/config.js'
import { createExperiment } from '../run/experiment.js'
import { CONFIG } from '../run/folder-layout.js'
import { resumeRun, startRun, type RunControl, type RunResult } from '../run/run.js'
import type { Study, StudyAnalysis, StudyRun } from './study.js'
import { readStudyConfig, resolveStudyConfig, studyNamed, writeStudyConfig } from './study-config.js'
import type { StudyChoices, StudyConfig } from './study-config.js'

/** A new study. */
export interface NewStudy {
  readonly study: string
  readonly choices?: StudyChoices | undefined
  /** A folder that is not there yet (default: the next free one under `runs`). */
  readonly out?: string | undefined
}

/** What a study may be given; the runs tell of themselves one after another. */
export interface StudyControl extends RunControl {
  /** Told before each run. */
  readonly onRun?: ((run: { readonly seed: number; readonly place: number; readonly of: number }) => void) | undefined
}

/** How a study ended. */
export interface StudyResult {
  readonly path: string
  readonly study: Study
  readonly config: StudyConfig
  /** Absent after a stop: the study can be continued. */
  readonly report: RunsReport | undefined
  /** Absent after a stop, and where there is none. */
  readonly analysis: StudyAnalysis | undefined
}

const STUDY = 'study.json'
const PAGE = 'report.html'

/**
 * Starts a study: a run for each seed, in a folder of its own, one after another, and then their report on one page
 * with the claim above it.
 *
 * @throws PosttrainError as `startRun`; `invalid-argument` for an unknown study, numbers out of range, or a folder that
 *   is there already
 */
export async function startStudy(
  { study: name, choices = {}, out }: NewStudy,
  control: StudyControl = {},
): Promise<StudyResult> {
  const study = studyNamed(name)
  const config = resolveStudyConfig(study, choices)
  requireRunnable(study, config)
  const path = out === undefined ? nextFree(study.name) : resolve(out)
  if (isThere(fs, path)) {
    throw invalidArgument(`${path} exists already`, 'choose another --out, or continue it with --resume')
  }
  try {
    makeFolders(fs, path)
    writeWhole(fs, join(path, STUDY), new TextEncoder().encode(writeStudyConfig(config)))
  } catch (error) {
    throw invalidArgument(`cannot write to ${path}: ${systemCode(error) ?? String(error)}`, 'choose another --out')
  }
  return carryOut(study, config, path, control)
}

/**
 * Continues a study that was stopped or killed; one that is finished is read and shown.
 *
 * @throws PosttrainError as `resumeRun`; `invalid-data` for a folder that is no study
 */
export async function resumeStudy(name: string, folder: string, control: StudyControl = {}): Promise<StudyResult> {
  const path = resolve(folder)
  const where = join(path, STUDY)
  const content = readIfThere(fs, where)
  if (!content) throw invalidData(`${path} is no study: it has no ${STUDY}`, 'give the folder of a study')
  const config = readStudyConfig(new TextDecoder().decode(content), where)
  if (config.study !== name) {
    throw invalidArgument(
      `${path} is a study of ${config.study}, not of ${name}`,
      `use: posttrain run ${config.study} --resume ${path}`,
    )
  }
  return carryOut(studyNamed(name), config, path, control)
}

async function carryOut(study: Study, config: StudyConfig, path: string, control: StudyControl): Promise<StudyResult> {
  const paths = config.seeds.map((seed) => join(path, `seed-${seed}`))
  for (const [place, seed] of config.seeds.entries()) {
    control.onRun?.({ seed, place, of: paths.length })
    const { summary } = await runOf(study, config, seed, paths[place]!, control)
    if (!summary) return { path, study, config, report: undefined, analysis: undefined }
  }
  const report = reportRuns(paths)
  const analysis = await study.analyse?.(paths.map(studyRun))
  const page = await renderRunsReport(report, { title: study.title, claim: claimOf(study), analysis })
  writeWhole(fs, join(path, PAGE), new TextEncoder().encode(page))
  return { path, study, config, report, analysis }
}

function runOf(study: Study, config: StudyConfig, seed: number, path: string, control: RunControl): Promise<RunResult> {
  if (readIfThere(fs, join(path, CONFIG))) return resumeRun(study.recipe, path, control)
  return startRun({ recipe: study.recipe, choices: runChoices(study, config, seed), out: path }, control)
}

function runChoices({ algorithms }: Study, config: StudyConfig, seed: number): RunChoices {
  const { steps, samplesPerTask, heldOutTasks, device } = config
  return { algorithms, seed, steps, samplesPerTask, heldOutTasks, device }
}

/** Any, where only the rest of a configuration is looked at. */
const NO_CHECKPOINT = '0'.repeat(64)

/** Refuses what its runs would refuse, before anything is written. */
function requireRunnable(study: Study, config: StudyConfig): void {
  const recipe = createRecipe(study.recipe)
  createExperiment(resolveRunConfig(recipe, runChoices(study, config, 0), NO_CHECKPOINT), recipe)
}

function studyRun(path: string): StudyRun {
  const { config, measured } = readFinishedRun(path)
  return { seed: config.seed, groups: measured }
}

/** What is claimed, and by whom. */
export const claimOf = ({ claim, paper }: Study): string => `${claim} (${paper})`

function nextFree(name: string): string {
  for (let i = 1; ; i++) {
    const path = resolve('runs', `${name}-${i}`)
    if (!isThere(fs, path)) return path
  }
}
