import { splitCanary, type SplitCanary } from '@posttrain/sampling'
import { procedureServer } from '@posttrain/server'
import { Command } from 'commander'
import { chosenSides, withSides, type CanaryOptions } from '../canary-options.js'
import { PROCEDURE_HELP } from '../chosen-procedure.js'
import { KEY_HELP } from '../chosen-sampler.js'
import { shares } from '../list-options.js'
import { note } from '../log-options.js'
import { integer, positive } from '../option-parsers.js'
import { rulesOf, withRules, type RuleFlags } from '../rule-options.js'
import { accessOf, serveUntilStopped, TOKEN_HELP, withServing, type ServingOptions } from '../serving.js'
import { describeCanary } from '../show-canary.js'

interface CanaryServeOptions extends CanaryOptions, ServingOptions, RuleFlags {
  readonly stages: readonly number[]
  readonly perStage: number
  readonly seed: number
  readonly deadline: number
}

const EXAMPLES = `
Clients ask for the model canary at /v1/chat/completions or /v1/completions, and are answered by A or B, by chance. What
an answer was worth, from 0 to 1, is told later: POST /v1/feedback {"run": RUN, "reward": 1}, where RUN is in the field
posttrain of the choice. GET /canary says what is known. Once B is shown to be better it gets everything, and once it is
shown to be worse nothing; until then its share grows.

${PROCEDURE_HELP}

${TOKEN_HELP}
${KEY_HELP}

Examples:
  posttrain canary serve --a mean --b majority:8 --upstream http://localhost:8000/v1 --stages 0.05,0.25,0.5

Exit status: 0 stopped after all that was taken on was answered, 2 wrong input or a port that is taken.`

/** `posttrain canary serve`. */
export const canaryServeCommand = (): Command => {
  const command = new Command('serve')
    .summary('on live traffic, in growing shares')
    .description('Serves both sides as one model and moves traffic to the better one as rewards come in.')
    .option('--stages <shares>', 'shares of B, one after another', shares, [0.05, 0.25, 0.5])
    .option('--per-stage <n>', 'rewards of B after which its share grows', integer(1), 100)
  withServing(withRules(withSides(command, '--upstream')), 'runs', 'runs at the same time')
  return command
    .option('--seed <n>', 'seed of requests that have none', integer(0), 0)
    .option('--deadline <seconds>', 'that a run takes at most; then the answer is 504', positive, 600)
    .addHelpText('after', EXAMPLES)
    .action(serve)
}

async function serve(options: CanaryServeOptions): Promise<void> {
  const { stages, perStage, margin, level, seed, deadline, concurrency, queue, perClient } = options
  const rules = rulesOf(options)
  const { a, b } = await chosenSides(options)
  const access = accessOf(options)
  const server = procedureServer({
    procedures: {},
    canary: telling(splitCanary({ a, b, stages, perStage, margin, level }), margin),
    sampler: a.sampler,
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

/** A canary that says when the share of B changes, and why. */
function telling(split: SplitCanary, margin: number | undefined): SplitCanary {
  let { share } = split.state()
  return {
    ...split,
    settle(run, reward) {
      const isKnown = split.settle(run, reward)
      const state = split.state()
      if (state.share !== share) {
        note(`B gets ${(100 * state.share).toFixed(0)} % from now on: ${describeCanary(state, margin)}`)
      }
      share = state.share
      return isKnown
    },
  }
}
