import { createRequire } from 'node:module'
import { Command } from 'commander'
import { compareCommand } from './commands/compare.js'
import { convertCommand } from './commands/convert.js'
import { evaluateCommand } from './commands/evaluate.js'
import { pretrainCommand } from './commands/pretrain.js'
import { rankCommand } from './commands/rank.js'
import { runCommand } from './commands/run.js'
import { scoreCommand } from './commands/score.js'
import { serveCommand } from './commands/serve.js'
import { shimCommand } from './commands/shim.js'

const { version: VERSION } = createRequire(import.meta.url)('../package.json') as { version: string }

/** The `posttrain` command and all its subcommands. */
export const createProgram = (): Command =>
  new Command('posttrain')
    .description('Train a language model for the way it will be used: pass@k, majority vote, best-of-N.')
    .version(VERSION, '-V, --version', 'print the version')
    .showHelpAfterError('(add --help for the options)')
    .addCommand(runCommand())
    .addCommand(pretrainCommand())
    .addCommand(evaluateCommand())
    .addCommand(compareCommand())
    .addCommand(convertCommand())
    .addCommand(scoreCommand())
    .addCommand(rankCommand())
    .addCommand(serveCommand())
    .addCommand(shimCommand())
