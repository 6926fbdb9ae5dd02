import { deviceChoices, type DeviceChoice } from '@posttrain/compute'
import { invalidArgument, invalidData, requireEnoughSamples } from '@posttrain/core'
import { parseAlgorithm } from '@posttrain/trainers'
import { z } from 'zod'
import type { Recipe } from '../recipe.js'

const count: z.ZodType<number> = z.int().positive()

/** Everything a run depends on; `config.json` of its folder. Equal configurations give equal files on one machine. */
export interface RunConfig {
  readonly recipe: string
  /** One copy of the checkpoint is trained by each; names that `parseAlgorithm` knows. */
  readonly algorithms: readonly string[]
  readonly steps: number
  /** Prompts per step. */
  readonly prompts: number
  /** Samples per prompt. */
  readonly samples: number
  readonly learningRate: number
  readonly seed: number
  readonly device: DeviceChoice
  /** Samples per held-out task. */
  readonly evaluationSamples: number
  /** Held-out tasks that are measured, from the first. */
  readonly evaluationTasks: number
  /** SHA-256 of the checkpoint that training starts from. */
  readonly checkpoint: string
}

const schema: z.ZodType<RunConfig> = z.strictObject({
  recipe: z.string(),
  algorithms: z.array(z.string()).min(1),
  steps: z.int().nonnegative(),
  prompts: count,
  samples: count,
  learningRate: z.number().positive(),
  seed: z.int().nonnegative(),
  device: z.enum(deviceChoices),
  evaluationSamples: count,
  evaluationTasks: count,
  checkpoint: z.string(),
})

/** What a caller may choose; the rest comes from the recipe. */
export type RunChoices = Partial<Omit<RunConfig, 'recipe' | 'checkpoint'>>

/** Samples per held-out task unless chosen otherwise: enough for pass@64. */
const EVALUATION_SAMPLES = 64

/**
 * Fills in a recipe's defaults and refuses what cannot run.
 *
 * @throws PosttrainError `invalid-argument` for an unknown or repeated algorithm, or more samples needed than drawn
 */
export function resolveRunConfig(recipe: Recipe, choices: RunChoices, checkpoint: string): RunConfig {
  const { defaults, tasks } = recipe
  const chosen = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined))
  const parsed = schema.safeParse({
    recipe: recipe.name,
    algorithms: defaults.algorithms,
    steps: defaults.steps,
    prompts: defaults.prompts,
    samples: defaults.samples,
    learningRate: defaults.learningRate,
    seed: 0,
    device: 'auto',
    evaluationSamples: EVALUATION_SAMPLES,
    evaluationTasks: tasks.heldOut.length,
    checkpoint,
    ...chosen,
  })
  if (!parsed.success) throw invalidArgument(z.prettifyError(parsed.error))
  const config = parsed.data
  requireEnoughSamples('an interval over held-out tasks', 2, config.evaluationTasks)
  requireEnoughSamples(
    `the ${recipe.name} recipe has ${tasks.heldOut.length} held-out tasks, so it`,
    config.evaluationTasks,
    tasks.heldOut.length,
  )
  for (const text of config.algorithms) {
    const { advantages, objective } = parseAlgorithm(text, recipe)
    const needed = Math.max(advantages.minimumSamples, objective.k)
    requireEnoughSamples(`training by ${text}`, needed, config.samples)
    requireEnoughSamples(`measuring ${objective.name}`, objective.k, config.evaluationSamples)
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
