import { deviceChoices, type DeviceChoice } from '@posttrain/compute'
import {
  comparisonTable,
  createRecipe,
  publishedTable,
  recipeNames,
  recipeSettings,
  resultTable,
  resumeRun,
  startRun,
  studies,
  type RunControl,
  type RunDefaults,
  type RunResult,
} from '@posttrain/recipes'
import { renderTable } from '@posttrain/report'
import { algorithms } from '@posttrain/trainers'
import { Argument, Command, Option } from 'commander'
import { costQualityCommand } from './cost-quality.js'
import { studyCommand } from './study.js'
import { defaultOf } from '../default-of.js'
import { note } from '../log-options.js'
import { integer, positive, repeatable } from '../option-parsers.js'
import { RunProgress } from '../run-progress.js'
import { carryOut, requireResumeAlone } from '../saved-run.js'

interface RunOptions {
  readonly algorithm?: readonly string[] | undefined
  readonly steps?: number | undefined
  readonly prompts?: number | undefined
  readonly samples?: number | undefined
  readonly lr?: number | undefined
  readonly seed?: number | undefined
  readonly device?: DeviceChoice | undefined
  readonly full?: boolean | undefined
  readonly tasks?: number | undefined
  readonly checkpoint?: string | undefined
  readonly out?: string | undefined
  readonly resume?: string | undefined
  readonly json?: boolean | undefined
}

const FULL_EVALUATION = 256

const NAMES = Object.entries(algorithms)
  .map(([name, { summary }]) => `  ${name.padEnd(27)}${summary}`)
  .join('\n')

const EXAMPLES = `
Algorithms, with a number for K:
${NAMES}

Examples:
  posttrain run game24                                       the default: mean reward against pass@8
  posttrain run game24 --algorithm pass@4 --algorithm grpo --samples 32
  posttrain run multiplication --algorithm mean --algorithm maj@8
  posttrain run game24 --resume runs/game24-1                continue after Ctrl-C
  posttrain run cost-quality samples.jsonl --money cost      which procedure is worth its cost, from a log

Exit status: 0 done, 2 wrong input or a machine that failed (a full disk), 130 stopped, 141 nobody reads the output any
more. What was saved is kept, and --resume continues.`

/** The recipes' own defaults, for instance `default: 220 for game24, 200 for multiplication`. */
const byRecipe = (of: (defaults: RunDefaults) => unknown): string =>
  defaultOf(recipeNames.map((name) => [name, of(recipeSettings[name]!.defaults)]))

/** `posttrain run`. */
export const runCommand = (): Command => {
  const command = new Command('run')
    .summary('train copies of a small model in different ways and compare them')
    .description(
      'Trains one copy of an embedded checkpoint by each algorithm, on this machine, measures all of them on held-out ' +
        'tasks with 95 % intervals, and writes the table, an HTML report, metrics, samples and checkpoints to a folder.',
    )
    .addArgument(new Argument('<recipe>', 'what to train on').choices(recipeNames))
    .option(
      '--algorithm <name>',
      `how to train, one of those listed below, repeatable (${byRecipe(({ algorithms }) => algorithms.join(' and '))})`,
      repeatable,
    )
    .option('--steps <n>', `training steps (${byRecipe(({ steps }) => steps)})`, integer(0))
    .option('--prompts <n>', `prompts per step (${byRecipe((own) => own.promptsPerStep)})`, integer(1))
    .option('--samples <n>', `samples per prompt (${byRecipe((own) => own.samplesPerPrompt)})`, integer(1))
    .option('--lr <rate>', `learning rate (${byRecipe(({ learningRate }) => learningRate)})`, positive)
    .option('--seed <n>', 'seed of everything random (default: 0)', integer(0))
    .addOption(new Option('--device <name>', 'where to compute (default: "auto")').choices(deviceChoices))
    .option('--full', `measure with ${FULL_EVALUATION} samples per task (default: 64)`)
    .option('--tasks <n>', 'measure on the first n held-out tasks (default: all)', integer(2))
    .option('--checkpoint <file>', 'start from this checkpoint (default: the embedded one)')
    .option('--out <dir>', 'folder for the results (default: the next free one under runs)')
    .option('--resume <dir>', 'continue a run that was stopped, with its own settings')
    .option('--json', 'print the result as one JSON object on standard output (default: tables)')
    .addHelpText('after', EXAMPLES)
    .action(run)
    .enablePositionalOptions() // what stands behind the name of a study is its own
  for (const study of Object.values(studies)) command.addCommand(studyCommand(study))
  return command.addCommand(costQualityCommand())
}

async function run(recipe: string, options: RunOptions): Promise<void> {
  let progress: RunProgress | undefined
  const control: RunControl = {
    onStart: ({ path, config, variants }) => {
      process.stderr.write(`${createRecipe(recipe).title}: ${config.algorithms.join(', ')}; results go to ${path}\n`)
      progress = new RunProgress(variants)
    },
    onProgress: (event) => progress?.update(event),
    onNotice: note,
  }
  const result = await carryOut<RunResult>({
    command: `posttrain run ${recipe}`,
    begin: (signal) => begin(recipe, options, { ...control, signal }),
    isFinished: ({ summary }) => summary !== undefined,
    end: () => progress?.stop(),
  })
  if (result) print(result, options.json ?? false)
}

async function begin(recipe: string, options: RunOptions, control: RunControl): Promise<RunResult> {
  if (options.resume === undefined) return start(recipe, options, control)
  requireResumeAlone(options, 'run')
  return resumeRun(recipe, options.resume, control)
}

function start(recipe: string, options: RunOptions, control: RunControl): Promise<RunResult> {
  const { out, checkpoint, steps, seed, device } = options
  const choices = {
    algorithms: options.algorithm,
    steps,
    promptsPerStep: options.prompts,
    samplesPerPrompt: options.samples,
    learningRate: options.lr,
    seed,
    device,
    heldOutTasks: options.tasks,
    samplesPerTask: options.full ? FULL_EVALUATION : undefined,
  }
  return startRun({ recipe, choices, out, checkpoint }, control)
}

function print({ path, config, summary }: RunResult, json: boolean): void {
  if (json) {
    process.stdout.write(JSON.stringify({ path, config, ...summary }) + '\n')
    return
  }
  const tables = [resultTable(summary!), comparisonTable(summary!)]
  if (summary!.published) tables.push(publishedTable(summary!.published))
  process.stdout.write(tables.map((table) => `\n${renderTable(table)}\n`).join(''))
  process.stdout.write(`\nThe report with curves and samples: ${path}/report.html\n`)
}
