import type { NeededToDetect } from '@posttrain/logs'
import type { Table } from '@posttrain/report'
import { labelOf, type Part } from './show-evaluation.js'
import { INDEPENDENT_SYSTEMS } from './show-needed.js'

/** What would show a difference from another system, for each metric; undefined where nobody asked. */
export function neededTable(parts: readonly Part[]): Table | undefined {
  const rows = parts.flatMap((part) =>
    part.evaluation.measured.flatMap(({ estimate, needed }) => {
      if (needed === undefined) return []
      const { difference, tasks } = needed
      const label = [labelOf(part), estimate.name].filter(Boolean).join(', ')
      return [[label, String(difference), String(tasks ?? 'not known'), samplesOf(needed), String(estimate.tasks)]]
    }),
  )
  const asked = parts[0]!.evaluation.measured[0]!.needed
  if (rows.length === 0 || asked === undefined) return undefined
  const headers = ['difference', 'tasks, with as many samples as here', 'or samples per task', 'on tasks']
  return {
    columns: [
      { header: [...Object.keys(parts[0]!.group), 'metric'].join(', ') },
      ...headers.map((header) => ({ header, align: 'right' as const })),
    ],
    rows,
    note: `with power ${asked.power} at level ${asked.level}; ${INDEPENDENT_SYSTEMS}`,
  }
}

function samplesOf({ samplesPerTask }: NeededToDetect): string {
  if (samplesPerTask === undefined) return 'not known'
  return samplesPerTask === Infinity ? 'no number suffices' : String(samplesPerTask)
}
