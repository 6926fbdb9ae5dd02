import { addUsage } from '@posttrain/core'
import type { RowFields } from '@posttrain/logs'
import { runProcedure, type TimedDecision } from '@posttrain/sampling'
import { Command } from 'commander'
import { chosenProcedure, PROCEDURE_HELP, withProcedure, type ProcedureFlags } from '../chosen-procedure.js'
import { KEY_HELP, withSampler } from '../chosen-sampler.js'
import { rulesOf, withRules, type RuleFlags } from '../rule-options.js'
import { samplingOf, withSampling, type SamplingFlags } from '../sampling-options.js'
import { SolveTally } from '../solve-tally.js'
import { promptField, TASK_ROW, type FileTask } from '../task-file.js'
import { runTasks, withRows, withTasks, type TaskRunOptions } from '../task-run.js'

interface SolveOptions extends TaskRunOptions, SamplingFlags, ProcedureFlags, RuleFlags {
  readonly procedure: string
}

const EXAMPLES = `
Tasks are in JSON Lines, a JSON array, CSV or Parquet, plain, gzip or zstd:
${TASK_ROW}.
The answer to each is written as a row: its response, the answer that was read, why it was chosen, why drawing ended,
and what it cost; of a task without an answer the response is empty. posttrain score judges it.

${PROCEDURE_HELP}

Samples are kept in the store as they come: a command that was stopped goes on, and another procedure uses them again.
${KEY_HELP}

Examples:
  posttrain solve --procedure majority:8 --answer math --endpoint http://localhost:8000/v1 --tasks gsm8k.jsonl \\
    --store samples.db --out answers.jsonl
  posttrain solve --procedure best-of:16 --reward ./judge.js --model ./smollm --tasks tasks.jsonl --store samples.db

Exit status: 0 done, 2 wrong input or a machine that failed, 130 stopped.`

/** `posttrain solve`. */
export const solveCommand = (): Command => {
  const command = new Command('solve')
    .summary('answers to tasks, by an inference procedure')
    .description('Runs a procedure on each task and writes what it decides, why, and at what cost.')
    .requiredOption('--procedure <name>', 'for instance majority:8 (required)')
  return withSampling(withSampler(withRules(withProcedure(withRows(withTasks(command)))), '--endpoint'))
    .addHelpText('after', EXAMPLES)
    .action(solve)
}

async function solve(options: SolveOptions): Promise<void> {
  const procedure = await chosenProcedure(options.procedure, options)
  const rules = rulesOf(options)
  const tally = new SolveTally()
  const isDone = await runTasks(options, {
    does: 'solving',
    unit: 'tasks',
    perTask: 1,
    batch: 1,
    calls: options.parallel,
    async work([task], sampler, signal) {
      const run = { seed: options.seed, sampling: samplingOf(options), rules, signal }
      const decision = await runProcedure(procedure, sampler, task!.task, run)
      tally.add(decision)
      return [rowOf(task!, procedure.name, decision)]
    },
  })
  if (isDone) tally.tell(options.out)
}

function rowOf({ task, kept }: FileTask, procedure: string, decision: TimedDecision): RowFields {
  const { sample, answer, reason, stopped, samples, usage, judging, seconds } = decision
  const { cost } = addUsage([usage, judging])
  return {
    task_id: task.id,
    ...promptField(task.prompt),
    response: sample?.text ?? '',
    answer: answer ?? null,
    ...kept,
    procedure,
    reason,
    stopped,
    samples: samples.length,
    failed: samples.filter(({ finish }) => finish === 'failed').length,
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    judging_tokens: judging.promptTokens + judging.completionTokens,
    ...(cost !== undefined && { cost }),
    seconds,
  }
}
