import { invalidArgument, shown, type RewardFunction } from '@posttrain/core'
import { splitCanary, type SplitCanary } from '@posttrain/sampling'
import { Command } from 'commander'
import { chosenSides, withSides, type CanaryOptions } from '../canary-options.js'
import { PROCEDURE_HELP } from '../chosen-procedure.js'
import { KEY_HELP } from '../chosen-sampler.js'
import { shares } from '../list-options.js'
import { note } from '../log-options.js'
import { integer } from '../option-parsers.js'
import { serveProcedures, withProcedureServing, type ProcedureServingOptions } from '../procedure-serving.js'
import { chosenReward, SCORE_REWARDS } from '../score-rewards.js'
import { TOKEN_HELP } from '../serving.js'
import { describeCanary } from '../show-canary.js'

interface CanaryServeOptions extends CanaryOptions, ProcedureServingOptions {
  readonly stages: readonly number[]
  readonly perStage: number
  readonly judge?: string | undefined
}

const EXAMPLES = `
Clients ask for the model canary at /v1/chat/completions or /v1/completions, and are answered by A or B, by chance. What
an answer was worth, from 0 to 1, is told later: POST /v1/feedback {"run": RUN, "reward": 1}, where RUN is in the field
posttrain of the choice. With --judge a reward says it of each answer once that is sent, and what it cannot judge
counts as unscored; a run has one reward, the first that comes. GET /canary says what is known. Once B is shown to be
better it gets everything, and once it is shown to be worse nothing; until then its share grows.

${PROCEDURE_HELP}

${TOKEN_HELP}
${KEY_HELP}

Examples:
  posttrain canary serve --a mean --b majority:8 --upstream http://localhost:8000/v1 --stages 0.05,0.25,0.5
  posttrain canary serve --a mean --b best-of:4 --reward ./small.js --judge ./large.js \\
    --upstream http://localhost:8000/v1

Exit status: 0 stopped after all that was taken on was answered and judged, 2 wrong input or a port that is taken.`

/** `posttrain canary serve`. */
export const canaryServeCommand = (): Command => {
  const command = new Command('serve')
    .summary('on live traffic, in growing shares')
    .description('Serves both sides as one model and moves traffic to the better one as rewards come in.')
    .option('--stages <shares>', 'shares of B, one after another', shares, [0.05, 0.25, 0.5])
    .option(
      '--judge <module>',
      'the reward that counts, of a module; it sees no reference (default: none, /v1/feedback tells rewards)',
    )
    .option('--per-stage <n>', 'rewards of B after which its share grows', integer(1), 100)
  return withProcedureServing(withSides(command, '--upstream')).addHelpText('after', EXAMPLES).action(serve)
}

const serve = (options: CanaryServeOptions): Promise<void> =>
  serveProcedures(options, async () => {
    const { stages, perStage, margin, level } = options
    const judge = options.judge === undefined ? undefined : await judgeOf(options.judge, options)
    const { a, b } = await chosenSides(options)
    const canary = telling(splitCanary({ a, b, stages, perStage, margin, level }), margin)
    return { procedures: {}, canary, judge, sampler: a.sampler }
  })

/** The rewards that have a name compare with a reference, which nobody has of live traffic. */
async function judgeOf(name: string, { concurrency }: CanaryServeOptions): Promise<RewardFunction> {
  if (Object.hasOwn(SCORE_REWARDS, name)) {
    throw invalidArgument(
      `the reward ${shown(name)} needs a reference, which live traffic does not have`,
      'judge by a module such as ./reward.js, or replay tasks with posttrain canary replay',
    )
  }
  return (await chosenReward(name, concurrency)).reward
}

/** A canary that says when the share of B changes, and why, and that decisions are left unscored. */
function telling(split: SplitCanary, margin: number | undefined): SplitCanary {
  let { share } = split.state()
  let isUnscoredTold = false
  return {
    ...split,
    settle(run, reward) {
      const isKnown = split.settle(run, reward)
      if (isKnown && reward === null && !isUnscoredTold) {
        isUnscoredTold = true
        note('the judge left a decision unscored: GET /canary says why, and how many there are')
      }
      const state = split.state()
      if (state.share !== share) {
        note(`B gets ${(100 * state.share).toFixed(0)} % from now on: ${describeCanary(state, margin)}`)
      }
      share = state.share
      return isKnown
    },
  }
}
