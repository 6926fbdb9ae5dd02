import { deviceChoices, type DeviceChoice } from '@posttrain/compute'
import { invalidArgument, invalidData } from '@posttrain/core'
import { z } from 'zod'
import type { Recipe } from '../recipe.js'

const count: z.ZodType<number> = z.int().positive()

/** Everything a run depends on; `config.json` of its folder. Equal configurations give equal files on one machine. */
export interface RunConfig {
  readonly recipe: string
  /** One copy of the checkpoint is trained by each: names of procedures, or of rows that `parseAlgorithm` knows. */
  readonly algorithms: readonly string[]
  readonly steps: number
  readonly promptsPerStep: number
  readonly samplesPerPrompt: number
  readonly learningRate: number
  readonly seed: number
  readonly device: DeviceChoice
  /** Samples per held-out task. */
  readonly samplesPerTask: number
  /** Held-out tasks that are measured, from the first. */
  readonly heldOutTasks: number
  /** SHA-256 of the checkpoint that training starts from. */
  readonly checkpoint: string
}

const schema: z.ZodType<RunConfig> = z.strictObject({
  recipe: z.string(),
  algorithms: z.array(z.string()).min(1),
  steps: z.int().nonnegative(),
  promptsPerStep: count,
  samplesPerPrompt: count,
  learningRate: z.number().positive(),
  seed: z.int().nonnegative(),
  device: z.enum(deviceChoices),
  samplesPerTask: count,
  heldOutTasks: count,
  checkpoint: z.string(),
})

/** What a caller may choose; the rest comes from the recipe. */
export type RunChoices = {
  readonly [K in Exclude<keyof RunConfig, 'recipe' | 'checkpoint'>]?: RunConfig[K] | undefined
}

/** Samples per held-out task unless chosen otherwise: enough for pass@64. */
const SAMPLES_PER_TASK = 64

/**
 * Fills in a recipe's defaults.
 *
 * @throws PosttrainError `invalid-argument` for numbers out of range, more held-out tasks than there are, or a repeated
 *   algorithm
 */
export function resolveRunConfig(recipe: Recipe, choices: RunChoices, checkpoint: string): RunConfig {
  const { defaults, tasks } = recipe
  const chosen = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined))
  const parsed = schema.safeParse({
    recipe: recipe.name,
    ...defaults,
    seed: 0,
    device: 'auto',
    samplesPerTask: SAMPLES_PER_TASK,
    heldOutTasks: tasks.heldOut.length,
    checkpoint,
    ...chosen,
  })
  if (!parsed.success) throw invalidArgument(z.prettifyError(parsed.error))
  const config = parsed.data
  if (config.heldOutTasks < 2 || config.heldOutTasks > tasks.heldOut.length) {
    throw invalidArgument(
      `the ${recipe.name} recipe has ${tasks.heldOut.length} held-out tasks, but ${config.heldOutTasks} are to be measured`,
      `choose from 2, which an interval over tasks needs, to ${tasks.heldOut.length}`,
    )
  }
  const repeated = config.algorithms.find((name, i) => config.algorithms.indexOf(name) !== i)
  if (repeated) throw invalidArgument(`the algorithm ${repeated} is given twice`)
  return config
}

/** Reads a configuration back. @throws PosttrainError `invalid-data` */
export function parseRunConfig(text: string, where: string): RunConfig {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw invalidData(`${where} is not JSON`, 'the run folder is damaged; start a new run')
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    throw invalidData(`${where} is no run configuration: ${z.prettifyError(parsed.error)}`, 'start a new run')
  }
  return parsed.data
}
