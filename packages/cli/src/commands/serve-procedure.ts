import { Command } from 'commander'
import { chosenProcedure, PROCEDURE_HELP, withProcedure, type ProcedureFlags } from '../chosen-procedure.js'
import { chosenSampler, KEY_HELP, withSampler, type SamplerOptions } from '../chosen-sampler.js'
import { note } from '../log-options.js'
import { serveProcedures, withProcedureServing, type ProcedureServingOptions } from '../procedure-serving.js'
import { TOKEN_HELP } from '../serving.js'

type ServeProcedureOptions = ProcedureServingOptions & SamplerOptions & ProcedureFlags

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
  return withProcedureServing(withProcedure(withSampler(command, '--upstream')))
    .addHelpText('after', EXAMPLES)
    .action(serveProcedure)
}

const serveProcedure = (names: readonly string[], options: ServeProcedureOptions): Promise<void> =>
  serveProcedures(options, async () => {
    const made = names.map(async (name) => [name, await chosenProcedure(name, options)] as const)
    const procedures = Object.fromEntries(await Promise.all(made))
    const { sampler, notes } = await chosenSampler(options)
    notes.forEach(note)
    return { procedures, sampler }
  })
