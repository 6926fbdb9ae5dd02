import type { OptionNames } from '../option-names.js'
import type { AnswerRules } from './answer.js'
import type { FieldNames } from './field-names.js'
import type { ScoreRules } from './score.js'

/** How rows are read. */
export interface RowRules extends ScoreRules, AnswerRules {
  readonly fields?: FieldNames | undefined
  /** Fields whose values are mixed knowingly: rows that differ in them are different samples. */
  readonly pool?: readonly string[] | undefined
  /** What hints call these options. */
  readonly optionNames?: OptionNames | undefined
}
