import { invalidData, quoted } from '@posttrain/core'
import type { RowFields } from '../row-fields.js'
import type { Format } from './format.js'
import { listOf } from './values.js'

/** What it means that an instance stands in a list of the report. */
const WORTH: readonly (readonly [list: string, reward: number | null])[] = [
  ['resolved_ids', 1],
  ['unresolved_ids', 0],
  ['empty_patch_ids', 0],
  ['error_ids', null],
  ['incomplete_ids', null],
]

/**
 * The report of SWE-bench, and the same of OpenHands: lists of ids of instances.
 *
 * An empty patch is worth 0: the report lists it apart, but it resolves nothing. An error, and an instance that has no
 * prediction, have reward null; both count against the resolved ones of all instances, which is what is published,
 * when samples without a score count as failures.
 */
export const sweBench: Format = {
  name: 'swe-bench',
  title: 'SWE-bench and OpenHands, report.json',
  triedOn: 'no file of its own; fields of its source, SWE-bench@09749dc',
  unit: 'instance',
  recognises: ({ resolved_ids: resolved, unresolved_ids: unresolved }) =>
    Array.isArray(resolved) && Array.isArray(unresolved),
  reader: () =>
    function* (report, place) {
      const listed = new Map<unknown, string>()
      for (const [list, reward] of WORTH) {
        for (const id of listOf(report[list])) {
          const before = listed.get(id)
          if (before !== undefined) {
            throw invalidData(
              `${place.where}: ${quoted(String(id))} stands in ${before} and in ${list}`,
              'it can be only one',
            )
          }
          listed.set(id, list)
          yield { task_id: id, reward } satisfies RowFields
        }
      }
    },
}
