import { deviceChoices, type DeviceChoice } from '@posttrain/compute'
import { invalidArgument, invalidData, problemsOf } from '@posttrain/core'
import * as z from 'zod'
import type { Recipe } from '../recipe.js'

/** Largest sizes of a run. Larger ones are mistakes: they would not end, or not fit into memory. */
const LARGEST = { steps: 1e7, prompts: 1e5, samples: 1e5, samplesPerStep: 1e6, learningRate: 3.4e38 } as const

const count = (largest: number): z.ZodType<number> => z.int().min(1).max(largest)

/** Everything a run depends on; `config.json` of its folder. Equal configurations give equal files on one machine. */
export interface RunConfig {
  readonly recipe: string
  /** One copy of the checkpoint is trained by each: names of procedures, or of rows that `parseAlgorithm` knows. */
  readonly algorithms: readonly string[]
  /** At most 10⁷. */
  readonly steps: number
  /** At most 10⁵, and with `samplesPerPrompt` at most 10⁶ samples per step. */
  readonly promptsPerStep: number
  /** At most 10⁵. */
  readonly samplesPerPrompt: number
  /** Positive, and a float32 as the weights are: at most 3.4·10³⁸. */
  readonly learningRate: number
  readonly seed: number
  readonly device: DeviceChoice
  /** Samples per held-out task, at most 10⁵. */
  readonly samplesPerTask: number
  /** Held-out tasks that are measured, from the first; at least 2. */
  readonly heldOutTasks: number
  /** SHA-256 of the checkpoint that training starts from. */
  readonly checkpoint: string
}

const schema: z.ZodType<RunConfig> = z.strictObject({
  recipe: z.string(),
  algorithms: z.array(z.string()).min(1).max(100),
  steps: z.int().nonnegative().max(LARGEST.steps),
  promptsPerStep: count(LARGEST.prompts),
  samplesPerPrompt: count(LARGEST.samples),
  learningRate: z.number().positive().max(LARGEST.learningRate),
  seed: z.int().nonnegative(),
  device: z.enum(deviceChoices),
  samplesPerTask: count(LARGEST.samples),
  heldOutTasks: z.int(),
  checkpoint: z.string().regex(/^[0-9a-f]{64}$/),
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
  const chosen = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined))
  const parsed = schema.safeParse({
    recipe: recipe.name,
    ...recipe.defaults,
    seed: 0,
    device: 'auto',
    samplesPerTask: SAMPLES_PER_TASK,
    heldOutTasks: recipe.tasks.heldOut.length,
    checkpoint,
    ...chosen,
  })
  if (!parsed.success) throw invalidArgument(problemsOf(parsed.error))
  requireWorkable(parsed.data, recipe)
  return parsed.data
}

/** What no single number tells. @throws PosttrainError `invalid-argument` */
export function requireWorkable(config: RunConfig, { name, tasks }: Recipe): void {
  const { heldOutTasks, promptsPerStep, samplesPerPrompt, algorithms } = config
  if (heldOutTasks < 2 || heldOutTasks > tasks.heldOut.length) {
    throw invalidArgument(
      `the ${name} recipe has ${tasks.heldOut.length} held-out tasks, but ${heldOutTasks} are to be measured`,
      `choose from 2, which an interval over tasks needs, to ${tasks.heldOut.length}`,
    )
  }
  if (promptsPerStep * samplesPerPrompt > LARGEST.samplesPerStep) {
    throw invalidArgument(
      `${promptsPerStep} prompts with ${samplesPerPrompt} samples each are too many for one step`,
      `choose at most ${LARGEST.samplesPerStep} samples per step`,
    )
  }
  const repeated = algorithms.find((name, i) => algorithms.indexOf(name) !== i)
  if (repeated) throw invalidArgument(`the algorithm ${repeated} is given twice`)
}

/** The text of `config.json`: one for each configuration. */
export const writeRunConfig = (config: RunConfig): string => JSON.stringify(config, null, 2) + '\n'

/** Reads a configuration back. @throws PosttrainError `invalid-data`, naming the file, for any other text */
export function readRunConfig(text: string, where: string): RunConfig {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw invalidData(`${where} is not JSON`, UNDO)
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw invalidData(`${where} is no run configuration: ${problemsOf(parsed.error)}`, UNDO)
  if (writeRunConfig(parsed.data) !== text) throw invalidData(`${where} is not as the run wrote it`, UNDO)
  return parsed.data
}

const UNDO = 'undo the change, or start a new run'
