import { meanEstimate } from '@posttrain/estimators'
import type { MeasuredProcedure } from '@posttrain/sampling'

/** A procedure of given worth on each task, at one price for all. */
export function measuredAs(name: string, values: readonly number[], money: number | undefined): MeasuredProcedure {
  const entries = values.map((value) => ({ value, samples: 10 }))
  const perTask = values.map((value, i) => {
    return { taskId: `${i}`, value, samples: 1, tokens: 10, money, seconds: undefined }
  })
  const estimate = meanEstimate(entries, { name, unscored: 'count-as-failure' })
  return { name, estimate, samples: 1, tokens: 10, money, seconds: undefined, perTask }
}
