import { rewardServer } from '@posttrain/server'
import { Command } from 'commander'
import { positive } from '../option-parsers.js'
import { chosenReward, SCORE_REWARDS } from '../score-rewards.js'
import { accessOf, serveUntilStopped, TOKEN, TOKEN_HELP, withServing, type ServingOptions } from '../serving.js'

interface ServeRewardsOptions extends ServingOptions {
  readonly reward: string
  readonly deadline: number
}

const EXAMPLES = `
Forms, each a POST of JSON:
  /score        { samples: [{ response, reference, prompt?, task_id? }] }, for the files that posttrain shim writes
  /get_reward   OpenRLHF, --reward.remote_url
  /reward       slime, --rm-type remote_rm --rm-url URL --reward-key reward
  /verify       NeMo Gym, as a resources server
  /run_code     Sandbox Fusion, with --reward python: runs a program for verl, which compares its output itself
and GET /health and /metrics, the latter for Prometheus.

${TOKEN_HELP}

Examples:
  posttrain serve rewards --reward math
  ${TOKEN}=secret posttrain serve rewards --reward python --host 0.0.0.0 --port 9000

Exit status: 0 stopped after all that was taken on was answered, 2 wrong input or a port that is taken.`

/** `posttrain serve rewards`. */
export const serveRewardsCommand = (): Command =>
  withServing(
    new Command('rewards')
      .summary('a reward in the forms of OpenRLHF, slime, NeMo Gym, verl, TRL and verifiers')
      .description(
        'Serves a reward in the forms of several trainers, until it is stopped by Ctrl-C: then it answers what it has taken ' +
          'on. Samples that cannot be judged are unscored, with the reason, in every form that has a place for it.',
      )
      .requiredOption('--reward <name>', `${Object.keys(SCORE_REWARDS).join(', ')} or a module (required)`),
    'samples',
    'samples judged at the same time; of programs one per processor',
  )
    .option('--deadline <seconds>', 'that a sample is judged at most; then it is unscored', positive, 100)
    .addHelpText('after', EXAMPLES)
    .action(serveRewards)

async function serveRewards({ reward: name, deadline, ...options }: ServeRewardsOptions): Promise<void> {
  const { reward, concurrency, verifier } = await chosenReward(name, options.concurrency)
  const { queue, perClient } = options
  const access = accessOf(options)
  const programs = reward.name === 'python' ? verifier : undefined
  const server = rewardServer({ reward, programs, concurrency, queue, perClient, deadline, ...access })
  await serveUntilStopped(server, access, options)
  verifier?.close()
}
