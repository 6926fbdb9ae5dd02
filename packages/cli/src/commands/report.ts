import { mkdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { renderRunsReport, reportRuns, tensorBoardFiles, type RunsReport } from '@posttrain/recipes'
import { invalidArgument, shown, systemReason } from '@posttrain/core'
import { Command } from 'commander'
import { note } from '../log-options.js'
import { outputFile } from '../output-file.js'
import { textOfRuns } from '../show-runs-report.js'

interface ReportOptions {
  readonly out?: string | undefined
  readonly tensorboard?: string | undefined
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
  posttrain report runs/* --tensorboard logs && tensorboard --logdir logs

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
    .option('--tensorboard <dir>', 'write TensorBoard event files of the runs, a folder for each (default: none)')
    .option('--json', 'print one JSON object on standard output (default: tables)')
    .addHelpText('after', EXAMPLES)
    .action(report)

async function report(paths: readonly string[], { out, tensorboard, json = false }: ReportOptions): Promise<void> {
  const found = reportRuns(paths)
  if (out !== undefined) {
    requireOutside('--out', out, found)
    outputFile(out, '--out')(await renderRunsReport(found))
  }
  if (tensorboard !== undefined) writeEvents(tensorboard, found)
  process.stdout.write(json ? `${JSON.stringify(found)}\n` : textOfRuns(found))
  if (!json) found.comparisons.flatMap(({ warnings }) => warnings).forEach(note)
}

/** A file in the folder of a run may be one of the run's own. */
function requireOutside(option: string, target: string, { runs }: RunsReport): void {
  const real = realPath(resolve(target))
  const run = runs.find(({ path }) => `${real}${sep}`.startsWith(`${realpathSync(path)}${sep}`))
  if (run) {
    throw invalidArgument(`${shown(target)} is in the folder of the run ${shown(run.name)}`, `choose another ${option}`)
  }
}

/** A path behind its links, as far as it is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const folder = dirname(path)
    return folder === path ? path : join(realPath(folder), basename(path))
  }
}

/** A folder for each run, and in it one for each variant: TensorBoard draws each as a line. */
function writeEvents(folder: string, found: RunsReport): void {
  requireOutside('--tensorboard', folder, found)
  for (const { path, name } of found.runs) {
    for (const [file, content] of tensorBoardFiles(path)) {
      const target = join(folder, name === path ? name.replaceAll(/[\\/:]/g, '_') : basename(path), file)
      try {
        mkdirSync(dirname(target), { recursive: true })
      } catch (error) {
        throw invalidArgument(
          `cannot make ${shown(dirname(target))}: ${systemReason(error)}`,
          'choose another --tensorboard',
        )
      }
      outputFile(target, '--tensorboard')(content)
    }
  }
}
