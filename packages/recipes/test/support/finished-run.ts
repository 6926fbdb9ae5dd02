import { appendFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '../../src/files/named-file.js'
import { createRecipe } from '../../src/recipes.js'
import { resolveRunConfig, type RunChoices } from '../../src/run/config.js'
import { createExperiment, type Experiment } from '../../src/run/experiment.js'
import { writeRecords, type SampleRecord, type TrainingRecord } from '../../src/run/records.js'
import { resultOf } from '../../src/run/result.js'
import { RunFolder } from '../../src/run/run-folder.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const BASE = bytes('weights before training')

/** What a run is to have found: of each variant, how many of a task's samples are right. */
export interface FoundRun {
  readonly name: string
  readonly choices: RunChoices
  readonly correct: (variant: string, task: number) => number
  /** Share of samples that carry a gradient (default 1). */
  readonly informative?: number | undefined
  /** Task whose first sample of the checkpoint has no score. */
  readonly unscored?: number | undefined
  readonly recipe?: 'game24' | 'multiplication' | undefined
}

/** A folder for runs. */
export const runsFolder = (): string => mkdtempSync(join(tmpdir(), 'posttrain-runs-'))

/** The run's folder before its first step, and what it will do. */
export async function beginRun(root: string, found: FoundRun): Promise<{ folder: RunFolder; experiment: Experiment }> {
  const recipe = createRecipe(found.recipe ?? 'game24')
  const config = resolveRunConfig(recipe, { device: 'wasm', ...found.choices }, sha256(BASE))
  const folder = await RunFolder.create(join(root, found.name), config, BASE)
  return { folder, experiment: createExperiment(config, recipe) }
}

/** A finished run with chosen figures, by the code that writes those of real ones. @returns its folder */
export async function finishedRun(root: string, found: FoundRun): Promise<string> {
  const { folder, experiment } = await beginRun(root, found)
  const { config, variants } = experiment
  for (const { name, training } of variants) {
    const work = folder.workOf(name)
    const records = Array.from({ length: config.steps }, (_, step) => recordOf(name, step, found.informative ?? 1))
    if (training && config.steps > 0) work.saveState(config.steps, records, bytes(`state of ${name}`))
    const samples = bytes(writeRecords(samplesOf(name, experiment, found)))
    work.saveMeasured({ samples, checkpoint: training && bytes(`trained ${name}`) })
  }
  folder.finish((await resultOf(experiment, folder)).files)
  folder.release()
  return folder.path
}

/** Of a session of so many seconds. */
export function addSession(path: string, seconds: number): void {
  const machine = { version: '0.1.0', node: 'v22.0.0', platform: 'linux x64', processor: 'CPU', processors: 2 }
  const session = { ...machine, device: 'wasm', started: '2026-01-02T03:04:05.000Z', seconds }
  appendFileSync(join(path, 'sessions.jsonl'), `${JSON.stringify(session)}\n`)
}

/** Rewards grow by 1 % a step. */
export const recordOf = (variant: string, step: number, informative = 1): TrainingRecord => ({
  kind: 'training',
  variant,
  step,
  reward: step / 100,
  objective: 0,
  solved: 0.5,
  entropy: 1,
  informative,
  gradientNorm: 1,
  tokens: 8,
})

const samplesOf = (system: string, { recipe, config }: Experiment, found: FoundRun): SampleRecord[] =>
  recipe.tasks.heldOut.slice(0, config.heldOutTasks).flatMap(({ id }, task) =>
    Array.from({ length: config.samplesPerTask }, (_, index): SampleRecord => {
      const isUnscored = system === 'checkpoint' && task === found.unscored && index === 0
      const reward = index < found.correct(system, task) ? 1 : 0
      const completion = `${config.seed} ${index}`
      return {
        system,
        task_id: id,
        index,
        completion,
        reward: isUnscored ? null : reward,
        answer: null,
        tokens: 4,
        logprob: -2,
      }
    }),
  )
