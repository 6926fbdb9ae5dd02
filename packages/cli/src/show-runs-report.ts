import {
  environmentTable,
  runsDifferenceTable,
  runsTable,
  type RunsComparison,
  type RunsReport,
} from '@posttrain/recipes'
import { renderTable } from '@posttrain/report'

/** What several runs show, for a terminal: the verdict, then the tables. */
export function textOfRuns({ comparisons, runs }: RunsReport): string {
  const parts = comparisons.flatMap((comparison) => partsOf(comparison, comparisons.length > 1))
  return [...parts, renderTable(environmentTable(runs))].map((part) => `\n${part}\n`).join('')
}

function partsOf(comparison: RunsComparison, several: boolean): string[] {
  const { title, heldOutTasks, verdict } = comparison
  const differences = runsDifferenceTable(comparison)
  return [
    ...(several ? [`${title}, ${heldOutTasks} tasks`] : []),
    verdict.join('\n'),
    renderTable(runsTable(comparison)),
    ...(differences ? [renderTable(differences)] : []),
  ]
}
