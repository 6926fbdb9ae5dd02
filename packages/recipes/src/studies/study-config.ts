import { deviceChoices, type DeviceChoice } from '@posttrain/compute'
import { invalidArgument, invalidData, problemsOf, shown } from '@posttrain/core'
import * as z from 'zod'
import type { Study } from './study.js'
import { studies } from './studies.js'

/** Everything a study depends on; `study.json` of its folder. Equal ones give equal figures on one machine. */
export interface StudyConfig {
  readonly study: string
  readonly seeds: readonly number[]
  readonly steps?: number | undefined
  readonly samplesPerTask: number
  readonly heldOutTasks?: number | undefined
  readonly device: DeviceChoice
}

/** What a caller may choose; the rest is the study's. */
export interface StudyChoices {
  /** A few minutes in place of the full study (default false). */
  readonly quick?: boolean | undefined
  /** How many seeds, from 0. */
  readonly seeds?: number | undefined
  readonly steps?: number | undefined
  readonly samplesPerTask?: number | undefined
  readonly heldOutTasks?: number | undefined
  readonly device?: DeviceChoice | undefined
}

const schema: z.ZodType<StudyConfig> = z.strictObject({
  study: z.string(),
  seeds: z.array(z.int().nonnegative()).min(1).max(1000),
  steps: z.int().nonnegative().optional(),
  samplesPerTask: z.int().min(1),
  heldOutTasks: z.int().min(2).optional(),
  device: z.enum(deviceChoices),
})

/** A study by its name. @throws PosttrainError `invalid-argument` listing the names there are */
export function studyNamed(name: string): Study {
  const study = Object.hasOwn(studies, name) ? studies[name] : undefined
  if (study) return study
  throw invalidArgument(`there is no study ${shown(name)}`, `choose one of ${Object.keys(studies).join(', ')}`)
}

/** Fills in what the study says. @throws PosttrainError `invalid-argument` for numbers out of range */
export function resolveStudyConfig(study: Study, choices: StudyChoices): StudyConfig {
  const sizes = choices.quick ? study.quick : study.full
  const parsed = schema.safeParse({
    study: study.name,
    seeds: Array.from({ length: choices.seeds ?? sizes.seeds }, (_, seed) => seed),
    steps: choices.steps ?? sizes.steps,
    samplesPerTask: choices.samplesPerTask ?? sizes.samplesPerTask,
    heldOutTasks: choices.heldOutTasks ?? sizes.heldOutTasks,
    device: choices.device ?? 'auto',
  })
  if (parsed.success) return parsed.data
  throw invalidArgument(problemsOf(parsed.error))
}

/** The text of `study.json`. */
export const writeStudyConfig = (config: StudyConfig): string => JSON.stringify(config, null, 2) + '\n'

/** Reads a configuration back. @throws PosttrainError `invalid-data`, naming the file, for any other text */
export function readStudyConfig(text: string, where: string): StudyConfig {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw invalidData(`${where} is not JSON`, 'undo the change, or start a new study')
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw invalidData(`${where} is no study: ${problemsOf(parsed.error)}`, 'undo the change, or start a new study')
}
