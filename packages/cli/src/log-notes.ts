import { quoted, type UnscoredPolicy } from '@posttrain/core'
import { spellingsOf, type TaskLog } from '@posttrain/logs'

/** What a reader of figures must know of the log that they are of. */
export function logNotes(log: TaskLog, policy: UnscoredPolicy): string[] {
  const { size, totals } = log
  const { samples, absent, unscored, repeated, firstRepeated, answered, placeholders, keepsAnswers, stoppedAt } = totals
  const notes: string[] = []
  if (stoppedAt !== undefined) {
    notes.push(
      `drawing stopped at the first success of a task, or after ${stoppedAt} samples (--stopping): pass@k is the share of ` +
        'tasks with a success among the first k, and pass^k of more than one is unknown',
    )
  }
  if (repeated > 0) {
    notes.push(
      `${repeated} rows say again what a row of the same task and sample has said, the first ${firstRepeated}; each sample ` +
        'counts once',
    )
  }
  if (absent > 0) {
    const became = policy === 'exclude' ? 'have no sample that could enter' : 'count as failures'
    notes.push(`${absent} of ${size} expected tasks are absent and ${became} (--expect, --unscored ${policy})`)
  }
  if (unscored > 0) {
    const became = policy === 'exclude' ? 'are left out' : 'count as failures'
    notes.push(`${unscored} of ${samples} samples have no score and ${became} (--unscored ${policy})`)
  }
  if (keepsAnswers && placeholders > 0) {
    notes.push(
      `${placeholders} of ${answered + placeholders} answers are empty or stand for none (--blanks), and are no votes`,
    )
  }
  const spellings = keepsAnswers ? spellingsOf(log) : undefined
  if (spellings) {
    const [one, other] = spellings.answers.map((answer) => quoted(answer, 40))
    notes.push(
      `answers of ${spellings.tasks} tasks count as different that differ only in case, spaces or number form, for instance ` +
        `${one} and ${other} (--canonical text or number makes them one)`,
    )
  }
  return notes
}
