import { realpathSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { renderRunsReport, reportRuns, type RunsReport } from '@posttrain/recipes'
import { invalidArgument, shown } from '@posttrain/core'
import { Command } from 'commander'
import { note } from '../log-options.js'
import { outputFile } from '../output-file.js'
import { textOfRuns } from '../show-runs-report.js'

interface ReportOptions {
  readonly out?: string | undefined
  readonly json?: boolean | undefined
}

const EXAMPLES = `
Runs of one recipe on the same held-out tasks are compared: every variant of all of them by every metric, with paired
differences. Runs that differ in --seed alone are one row, whose interval is over seeds and tasks. Other runs stand side
by side.

Examples:
  posttrain report runs/game24-1 --out report.html
  posttrain report runs/seed-0 runs/seed-1 runs/seed-2 --out report.html
  posttrain report runs/short runs/long --json

Exit status: 0 done, 2 a folder that is no run, is not finished or damaged, or a page that cannot be written.`

/** `posttrain report`. */
export const reportCommand = (): Command =>
  new Command('report')
    .summary('several finished runs on one page')
    .description(
      'Shows finished runs together: what they show in words, variant by metric with 95 % intervals, paired differences ' +
        'across runs and over seeds, what to mind, and where each was at work. It changes nothing in their folders.',
    )
    .argument('<run...>', 'folders of finished runs')
    .option('--out <file>', 'write all of it with charts to one HTML file (default: none)')
    .option('--json', 'print one JSON object on standard output (default: tables)')
    .addHelpText('after', EXAMPLES)
    .action(report)

async function report(paths: readonly string[], { out, json = false }: ReportOptions): Promise<void> {
  const found = reportRuns(paths)
  if (out !== undefined) {
    requireOutside(out, found)
    outputFile(out, '--out')(await renderRunsReport(found))
  }
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : textOfRuns(found))
  if (!json) found.comparisons.flatMap(({ warnings }) => warnings).forEach(note)
}

/** A file in the folder of a run may be one of the run's own. */
function requireOutside(out: string, { runs }: RunsReport): void {
  const folder = realFolder(out)
  const run = runs.find(({ path }) => `${folder}${sep}`.startsWith(`${realpathSync(path)}${sep}`))
  if (run) throw invalidArgument(`${shown(out)} is in the folder of the run ${shown(run.name)}`, 'choose another --out')
}

function realFolder(file: string): string {
  const folder = dirname(resolve(file))
  try {
    return realpathSync(folder)
  } catch {
    return folder // which cannot be written to, and that is said then
  }
}
