import { createStream, PosttrainError, requireTasks, shown, shuffled } from '@posttrain/core'
import { openSampleStore, type DurableSampleStore } from '@posttrain/endpoints'
import { remembered, replayCanary, stored, type CanaryState } from '@posttrain/sampling'
import { Command } from 'commander'
import { textOfBlocks } from '../block.js'
import { chosenSides, withSides, type CanaryOptions, type ChosenSide } from '../canary-options.js'
import { PROCEDURE_HELP } from '../chosen-procedure.js'
import { KEY_HELP } from '../chosen-sampler.js'
import { DrawProgress } from '../draw-progress.js'
import { EXIT } from '../exit-status.js'
import { rulesOf, withRules, type RuleFlags } from '../rule-options.js'
import { samplingOf, withSampling, type SamplingFlags } from '../sampling-options.js'
import { chosenReward, SCORE_REWARDS } from '../score-rewards.js'
import { canaryBlocks } from '../show-canary.js'
import { stopOnInterrupt } from '../stop-signal.js'
import { tasksOfFile, TASK_ROW, type TaskFields } from '../task-file.js'
import { withTasks } from '../task-run.js'

interface CanaryReplayOptions extends CanaryOptions, SamplingFlags, RuleFlags, TaskFields {
  readonly tasks: string
  readonly store: string
  readonly judge: string
  readonly json?: boolean | undefined
}

const EXAMPLES = `
Tasks, which may be the traffic of a day, are tried in an order of chance until it is clear which side is better:
${TASK_ROW}.
Both sides draw the same samples where they draw from the same model, and samples are kept in the store.

${PROCEDURE_HELP}

${KEY_HELP}

Examples:
  posttrain canary replay --a mean --b majority:8 --answer math --judge math --endpoint http://localhost:8000/v1 \\
    --tasks traffic.jsonl --store samples.db
  posttrain canary replay --a mean --b mean --model-b small --margin 0.02 --judge math \\
    --endpoint http://localhost:8000/v1 --model large --tasks traffic.jsonl --store samples.db

Exit status: 0 B is shown to be better, or with --margin not to be worse; 1 it is not; 2 wrong input or a machine that
failed, 130 stopped.`

/** `posttrain canary replay`. */
export const canaryReplayCommand = (): Command => {
  const command = new Command('replay')
    .summary('on the tasks of a file, until it is decided')
    .description(
      'Runs both sides on the tasks of a file, one task after another, until one side is shown to be better.',
    )
    .requiredOption(
      '--judge <name>',
      `the reward that counts: ${Object.keys(SCORE_REWARDS).join(', ')} or a module (required)`,
    )
    .option('--json', 'print the state as one JSON object (default: a table)')
  return withSampling(withRules(withSides(withTasks(command), '--endpoint')))
    .addHelpText('after', EXAMPLES)
    .action(replay)
}

async function replay(options: CanaryReplayOptions): Promise<void> {
  const { seed, margin, level, parallel } = options
  const rules = rulesOf(options)
  const given = []
  for await (const { task } of tasksOfFile(options.tasks, options)) given.push(task)
  const tasks = shuffled(requireTasks(given), createStream(seed, 'canary', 'order'))
  const { reward, verifier } = await chosenReward(options.judge, parallel)
  const signal = stopOnInterrupt('stopping: what is drawn is kept; press Ctrl-C again to quit at once')
  const sides = await chosenSides(options)
  const progress = new DrawProgress('replaying', 'tasks', tasks.length)
  const stores: DurableSampleStore[] = []
  const sideOf = async ({ procedure, sampler, identity }: ChosenSide) => {
    const store = await openSampleStore(options.store, { sampler: identity })
    stores.push(store)
    const drawing = remembered(sampler, { onSample: ({ usage }) => progress.drawn(usage) })
    return { procedure, sampler: stored(drawing, store), sampling: samplingOf(options) }
  }
  let state: CanaryState | undefined
  try {
    const [a, b] = [await sideOf(sides.a), await sideOf(sides.b)]
    const run = { a, b, tasks, reward, level, margin, rules, seed, signal, tasksInFlight: Math.max(1, parallel >> 1) }
    for await (const next of replayCanary(run)) {
      state = next
      progress.done(1)
    }
  } catch (error) {
    if (!(error instanceof PosttrainError && error.code === 'aborted')) throw error
    process.exitCode = EXIT.stopped
  } finally {
    progress.stop()
    stores.forEach((store) => store.close())
    verifier?.close()
  }
  if (process.exitCode === EXIT.stopped) {
    process.stderr.write(`stopped; the same command goes on from what is in ${shown(options.store)}\n`)
  } else if (state!.verdict !== 'better' && state!.verdict !== 'not-worse') process.exitCode = EXIT.gateFailed
  if (state) show(state, options)
}

function show(state: CanaryState, { a, b, margin, json }: CanaryReplayOptions): void {
  process.stdout.write(json ? `${JSON.stringify(state)}\n` : textOfBlocks(canaryBlocks(state, { a, b }, margin)))
}
