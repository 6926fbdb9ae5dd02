import { inferenceObjectives } from './inference-objectives.js'
import { patternSelection } from './pattern-selection.js'
import type { Study } from './study.js'

/** The studies there are, by name. */
export const studies: Readonly<Record<string, Study>> = Object.fromEntries(
  [inferenceObjectives, patternSelection].map((study) => [study.name, study]),
)
