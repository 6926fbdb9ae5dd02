import { procedureServer } from '@posttrain/server'
import { Command } from 'commander'
import { chosenProcedure, PROCEDURE_HELP, withProcedure, type ProcedureFlags } from '../chosen-procedure.js'
import { chosenSampler, KEY_HELP, withSampler, type SamplerOptions } from '../chosen-sampler.js'
import { note } from '../log-options.js'
import { integer, positive } from '../option-parsers.js'
import { rulesOf, withRules, type RuleFlags } from '../rule-options.js'
import { accessOf, serveUntilStopped, TOKEN_HELP, withServing, type ServingOptions } from '../serving.js'

interface ServeProcedureOptions extends ServingOptions, SamplerOptions, RuleFlags, ProcedureFlags {
  readonly seed: number
  readonly deadline: number
}

const EXAMPLES = `
Clients ask for a procedure by its name, as for a model, at /v1/chat/completions or /v1/completions. A choice says what
was decided, why, and at what cost in its field posttrain; usage counts all samples. A request may say
"posttrain": {"budget": {"samples": 4, "tokens": 2000}} to spend less, and its metadata are the tags that --always
reads.
GET /v1/models, /health and /metrics, the latter for Prometheus.

${PROCEDURE_HELP}

${TOKEN_HELP}
${KEY_HELP}

Examples:
  posttrain serve procedure majority:8 --upstream http://localhost:8000/v1 --answer math
  posttrain serve procedure best-of:16 single --model ./smollm --reward ./judge.js --cap-tokens 20000

Exit status: 0 stopped after all that was taken on was answered, 2 wrong input or a port that is taken.`

/** `posttrain serve procedure`. */
export const serveProcedureCommand = (): Command => {
  const command = new Command('procedure')
    .summary('procedures behind an OpenAI-compatible endpoint')
    .description(
      'Serves inference procedures as if they were models, until it is stopped by Ctrl-C: then it answers what it has ' +
        'taken on. What is deployed is the declaration that evaluate estimates and run trains for.',
    )
    .argument('<procedure...>', 'for instance majority:8; each is a model of that name')
  withServing(withRules(withProcedure(withSampler(command, '--upstream'))), 'runs', 'runs at the same time')
  return command
    .option('--seed <n>', 'seed of requests that have none', integer(0), 0)
    .option('--deadline <seconds>', 'that a run takes at most; then the answer is 504', positive, 600)
    .addHelpText('after', EXAMPLES)
    .action(serveProcedure)
}

async function serveProcedure(names: readonly string[], options: ServeProcedureOptions): Promise<void> {
  const rules = rulesOf(options)
  const made = names.map(async (name) => [name, await chosenProcedure(name, options)] as const)
  const procedures = Object.fromEntries(await Promise.all(made))
  const { sampler, notes } = await chosenSampler(options)
  notes.forEach(note)
  const { concurrency, queue, perClient, seed, deadline } = options
  const access = accessOf(options)
  const server = procedureServer({
    procedures,
    sampler,
    rules,
    seed,
    deadline,
    concurrency,
    queue,
    perClient,
    ...access,
  })
  await serveUntilStopped(server, access, options)
}
