import { randomBytes } from 'node:crypto'
import { shown } from '@posttrain/core'
import { listen, rewardServer, type Refusal } from '@posttrain/server'
import { Command } from 'commander'
import { note } from '../log-options.js'
import { integer, positive } from '../option-parsers.js'
import { chosenReward, SCORE_REWARDS } from '../score-rewards.js'
import { stopOnInterrupt } from '../stop-signal.js'

interface ServeRewardsOptions {
  readonly reward: string
  readonly host: string
  readonly port: number
  readonly token: boolean
  readonly concurrency: number
  readonly queue: number
  readonly perClient?: number | undefined
  readonly deadline: number
}

/** The variable of the environment that has the token. */
const TOKEN = 'POSTTRAIN_TOKEN'

const EXAMPLES = `
Forms, each a POST of JSON:
  /score        { samples: [{ response, reference, prompt?, task_id? }] }, for the files that posttrain shim writes
  /get_reward   OpenRLHF, --reward.remote_url
  /reward       slime, --rm-type remote_rm --rm-url URL --reward-key reward
  /verify       NeMo Gym, as a resources server
  /run_code     Sandbox Fusion, with --reward python: runs a program for verl, which compares its output itself
and GET /health and /metrics, the latter for Prometheus.

Clients send Authorization: Bearer TOKEN or, where they can be told only a URL, ?token=TOKEN in it. The token is that in
the variable ${TOKEN}, or else one that is made now and said. Standard output has the URL, once the port is open.

Examples:
  posttrain serve rewards --reward math
  ${TOKEN}=secret posttrain serve rewards --reward python --host 0.0.0.0 --port 9000

Exit status: 0 stopped after all that was taken on was answered, 2 wrong input or a port that is taken.`

/** `posttrain serve`. */
export const serveCommand = (): Command =>
  new Command('serve')
    .summary('rewards behind HTTP, for the trainers of others')
    .description('Serves what is here over HTTP.')
    .addCommand(serveRewardsCommand())

const serveRewardsCommand = (): Command =>
  new Command('rewards')
    .summary('a reward in the forms of OpenRLHF, slime, NeMo Gym, verl, TRL and verifiers')
    .description(
      'Serves a reward in the forms of several trainers, until it is stopped by Ctrl-C: then it answers what it has taken ' +
        'on. Samples that cannot be judged are unscored, with the reason, in every form that has a place for it.',
    )
    .requiredOption('--reward <name>', `${Object.keys(SCORE_REWARDS).join(', ')} or a module (required)`)
    .option('--host <address>', 'the address to listen on; 0.0.0.0 is every one of this machine', '127.0.0.1')
    .option('--port <n>', 'the port; 0 takes one that is free', integer(0), 8765)
    .option('--no-token', 'let everybody in who reaches the port')
    .option('--concurrency <n>', 'samples judged at the same time; of programs one per processor', integer(1), 8)
    .option('--queue <n>', 'samples that may wait; more are refused with 503', integer(0), 1024)
    .option(
      '--per-client <n>',
      'samples of one address, judged or waiting; more are refused with 429 (default: no limit)',
      integer(1),
    )
    .option('--deadline <seconds>', 'that a sample is judged at most; then it is unscored', positive, 100)
    .addHelpText('after', EXAMPLES)
    .action(serveRewards)

async function serveRewards({ reward: name, host, port, ...options }: ServeRewardsOptions): Promise<void> {
  const { reward, concurrency, verifier } = await chosenReward(name, options.concurrency)
  const token = options.token ? (process.env[TOKEN] ?? randomBytes(24).toString('base64url')) : false
  const { queue, perClient, deadline } = options
  const server = rewardServer({
    reward,
    token,
    programs: reward.name === 'python' ? verifier : undefined,
    concurrency,
    queue,
    perClient,
    deadline,
    onRefusal: tellOnce(),
  })
  const { url, close } = await listen(server, { host, port })
  process.stdout.write(`${url}\n`)
  if (token === false) note('there is no token: everybody who reaches the port is let in')
  else if (process.env[TOKEN] === undefined) note(`the token is ${token}`)
  await stopped()
  await close()
  verifier?.close()
}

/** Resolves at the first Ctrl-C. */
const stopped = (): Promise<void> =>
  new Promise((resolve) =>
    stopOnInterrupt('stopping: what was taken on is answered; again to stop at once').addEventListener('abort', () =>
      resolve(),
    ),
  )

/** Says what requests were refused for, once of each status and path. */
function tellOnce(): (refusal: Refusal, path: string) => void {
  const told = new Set<string>()
  return ({ status, message, hint }, path) => {
    const kind = `${status} ${path}`
    if (told.has(kind)) return
    told.add(kind)
    note(`${shown(path)} was answered ${status}: ${message}${hint === undefined ? '' : `; ${hint}`}`)
  }
}
