import { invalidData, quoted } from '@posttrain/core'
import type { RowFields } from '../row-fields.js'
import type { Format } from './format.js'
import { isObject, listOf } from './values.js'

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
 *
 * The report of one instance, which lies beside its log, is read too: `{instance: {resolved}}`.
 */
export const sweBench: Format = {
  name: 'swe-bench',
  title: 'SWE-bench and OpenHands, report.json',
  triedOn: 'swebench 5.0.2',
  unit: 'instance',
  recognises: (report) => isOfRun(report) || isOfInstances(report),
  reader: () =>
    function* (report, place) {
      if (!isOfRun(report)) {
        for (const [id, { resolved }] of Object.entries(report as Judged))
          yield { task_id: id, reward: Number(resolved) }
        return
      }
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

const isOfRun = ({ resolved_ids: resolved, unresolved_ids: unresolved }: RowFields): boolean =>
  Array.isArray(resolved) && Array.isArray(unresolved)

/** Verdicts by instance. */
type Judged = Readonly<Record<string, { readonly resolved: boolean }>>

function isOfInstances(report: RowFields): boolean {
  const verdicts = Object.values(report)
  return verdicts.length > 0 && verdicts.every((one) => isObject(one) && typeof one['resolved'] === 'boolean')
}
