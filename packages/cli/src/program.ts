import { createRequire } from 'node:module'
import { Command } from 'commander'

const { version: VERSION } = createRequire(import.meta.url)('../package.json') as { version: string }

/** The subcommands in the order of the help. One is loaded when it is needed: most need little of what others do. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.js')).runCommand(),
  watch: async () => (await import('./commands/watch.js')).watchCommand(),
  report: async () => (await import('./commands/report.js')).reportCommand(),
  pretrain: async () => (await import('./commands/pretrain.js')).pretrainCommand(),
  evaluate: async () => (await import('./commands/evaluate.js')).evaluateCommand(),
  compare: async () => (await import('./commands/compare.js')).compareCommand(),
  convert: async () => (await import('./commands/convert.js')).convertCommand(),
  sample: async () => (await import('./commands/sample.js')).sampleCommand(),
  solve: async () => (await import('./commands/solve.js')).solveCommand(),
  score: async () => (await import('./commands/score.js')).scoreCommand(),
  rank: async () => (await import('./commands/rank.js')).rankCommand(),
  review: async () => (await import('./commands/review.js')).reviewCommand(),
  canary: async () => (await import('./commands/canary.js')).canaryCommand(),
  serve: async () => (await import('./commands/serve.js')).serveCommand(),
  shim: async () => (await import('./commands/shim.js')).shimCommand(),
}

/**
 * The `posttrain` command.
 *
 * @param name the one subcommand that is going to be used, if it is known; otherwise all of them are there
 */
export async function createProgram(name?: string): Promise<Command> {
  const program = new Command('posttrain')
    .description('Train a language model for the way it will be used: pass@k, majority vote, best-of-N.')
    .version(VERSION, '-V, --version', 'print the version')
    .showHelpAfterError('(add --help for the options)')
    .enablePositionalOptions() // what stands behind a command's name is that command's own
  const named = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  for (const load of named ? [named] : Object.values(COMMANDS)) program.addCommand(await load())
  return program
}
