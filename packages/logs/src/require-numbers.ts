import { invalidArgument, invalidData, shown } from '@posttrain/core'
import type { RowRules } from './fields/row-rules.js'
import type { LogBuilder } from './log-builder.js'
import { nameOfOption } from './option-names.js'
import type { TaskLog } from './task-log.js'

/** A cost that no sample has was called by another name. */
export function requireCosts(builders: readonly LogBuilder[], { fields, optionNames }: RowRules): void {
  for (const field of fields?.cost ?? []) {
    if (builders.some((builder) => builder.hasCost(field))) continue
    throw invalidArgument(
      `no sample has a number in ${shown(field)}`,
      `name another field with ${nameOfOption('cost', optionNames)}, for instance usage.total_tokens`,
    )
  }
}

/** A log without any score was asked for a field that holds none. @returns the log */
export function requireScores(log: TaskLog, { optionNames }: RowRules): TaskLog {
  const { samples, unscored, firstUnscored } = log.totals
  if (samples > 0 && unscored === samples) {
    throw invalidData(
      `none of the ${samples} samples has a score (${firstUnscored})`,
      'the score is called reward, correct or passed, in rows of a whole task rewards; ' +
        `name another field with ${nameOfOption('score', optionNames)}, for instance scores.match.value`,
    )
  }
  return log
}
