import { deviceChoices, type DeviceChoice } from '@posttrain/compute'
import { resumeStudy, startStudy, type Study, type StudyControl, type StudyResult } from '@posttrain/recipes'
import { Command, Option } from 'commander'
import { note } from '../log-options.js'
import { integer } from '../option-parsers.js'
import { RunProgress } from '../run-progress.js'
import { carryOut, requireResumeAlone } from '../saved-run.js'
import { textOfRuns } from '../show-runs-report.js'

interface StudyOptions {
  readonly quick?: boolean | undefined
  readonly seeds?: number | undefined
  readonly steps?: number | undefined
  readonly samples?: number | undefined
  readonly tasks?: number | undefined
  readonly device?: DeviceChoice | undefined
  readonly out?: string | undefined
  readonly resume?: string | undefined
  readonly json?: boolean | undefined
}

/** `posttrain run NAME` of a study. */
export const studyCommand = (study: Study): Command => {
  const { name, title, claim, paper, full, quick, algorithms, recipe } = study
  return new Command(name)
    .summary(`${title.charAt(0).toLowerCase()}${title.slice(1)}: ${full.seeds} seeds, on one page`)
    .description(
      `${title}, after ${paper}. The claim: ${claim} One copy of the checkpoint of ${recipe} is trained by each of ` +
        `${algorithms.join(', ')}, for each seed, and all are measured on held-out tasks.`,
    )
    .option(
      '--quick',
      `a few minutes: ${quick.seeds} seeds of ${quick.steps} steps, on ${quick.heldOutTasks} tasks (default: all of it)`,
    )
    .option('--seeds <n>', `seeds, from 0 (default: ${full.seeds})`, integer(1))
    .option('--steps <n>', `training steps (default: those of ${recipe})`, integer(0))
    .option('--samples <n>', `samples per held-out task (default: ${full.samplesPerTask})`, integer(1))
    .option('--tasks <n>', 'measure on the first n held-out tasks (default: all)', integer(2))
    .addOption(new Option('--device <name>', 'where to compute (default: "auto")').choices(deviceChoices))
    .option('--out <dir>', 'folder for the runs and the page (default: the next free one under runs)')
    .option('--resume <dir>', 'continue a study that was stopped, with its own settings')
    .option('--json', 'print the report as one JSON object on standard output (default: tables)')
    .addHelpText(
      'after',
      `
Each seed is a run in a folder of its own, as posttrain run ${recipe} writes them; posttrain report reads them, too.

Examples:
  posttrain run ${name} --quick
  posttrain run ${name} --resume runs/${name}-1

Exit status: 0 done, 2 wrong input or a machine that failed, 130 stopped, 141 nobody reads the output any more. What was
saved is kept, and --resume continues.`,
    )
    .action((options: StudyOptions) => run(name, options))
}

async function run(name: string, options: StudyOptions): Promise<void> {
  let progress: RunProgress | undefined
  const control: StudyControl = {
    onRun: ({ seed, place, of }) => {
      progress?.stop()
      process.stderr.write(`seed ${seed}, run ${place + 1} of ${of}\n`)
    },
    onStart: ({ variants }) => (progress = new RunProgress(variants)),
    onProgress: (event) => progress?.update(event),
    onNotice: note,
  }
  const result = await carryOut<StudyResult>({
    command: `posttrain run ${name}`,
    begin: (signal) => begin(name, options, { ...control, signal }),
    isFinished: ({ report }) => report !== undefined,
    end: () => progress?.stop(),
  })
  if (result) print(result, options.json ?? false)
}

async function begin(name: string, options: StudyOptions, control: StudyControl): Promise<StudyResult> {
  if (options.resume === undefined)
    return startStudy({ study: name, choices: choicesOf(options), out: options.out }, control)
  requireResumeAlone(options, 'study')
  return resumeStudy(name, options.resume, control)
}

const choicesOf = ({ quick, seeds, steps, samples, tasks, device }: StudyOptions) => {
  return { quick, seeds, steps, samplesPerTask: samples, heldOutTasks: tasks, device }
}

function print({ path, study, config, report, analysis }: StudyResult, json: boolean): void {
  if (json) {
    const { claim, paper } = study
    process.stdout.write(
      `${JSON.stringify({ path, claim, paper, config, analysis: analysis && { verdict: analysis.verdict, ...analysis.figures }, ...report })}\n`,
    )
    return
  }
  process.stdout.write(
    [
      `\nThe claim: ${study.claim}`,
      ...(analysis?.verdict ?? []),
      textOfRuns(report!),
      `The page: ${path}/report.html\n`,
    ].join('\n'),
  )
  report!.comparisons.flatMap(({ warnings }) => warnings).forEach(note)
}
