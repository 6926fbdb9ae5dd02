import { invalidData, PosttrainError, type Trainable } from '@posttrain/core'
import type { TrainingRecord } from './records.js'
import type { VariantControl } from './variant-progress.js'
import { trainAgain, type VariantWork } from './variant-work.js'

/** From where training goes on. */
export interface TrainingStart {
  /** Steps that were taken. */
  readonly start: number
  /** One for each of them; the caller adds to it. */
  readonly records: TrainingRecord[]
}

/**
 * Loads the newest training state that can be used, if there is one.
 *
 * @throws PosttrainError `invalid-data` if there are states and none can be used
 */
export async function takeUpState(
  policy: Pick<Trainable, 'load'>,
  work: VariantWork,
  { onNotice }: Pick<VariantControl, 'onNotice'>,
): Promise<TrainingStart> {
  const problems: string[] = []
  for (const state of work.states) {
    try {
      await policy.load(work.read(state.file))
    } catch (error) {
      if (!(error instanceof PosttrainError)) throw error
      problems.push(error.message)
      work.dropState(state)
      continue
    }
    for (const problem of problems) onNotice(`${problem}; continuing from step ${state.step}`)
    return { start: state.step, records: [...state.records] }
  }
  if (problems.length === 0) return { start: 0, records: [] }
  throw invalidData(`cannot continue: ${problems.join('; ')}`, trainAgain(work.path))
}
