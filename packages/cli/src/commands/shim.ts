import { pythonShim, SHIM_TRAINERS, type ShimTrainer } from '@posttrain/server'
import { Argument, Command } from 'commander'
import { outputFile } from '../output-file.js'

interface ShimOptions {
  readonly url?: string | undefined
  readonly out?: string | undefined
}

const EXAMPLES = `
The trainer needs nothing else. The head of the file says how it is handed over, and what an unscored sample becomes.
It reads the token of the server from POSTTRAIN_TOKEN in the environment, where POSTTRAIN_URL wins over --url. OpenRLHF,
slime and NeMo Gym need no shim: posttrain serve rewards --help has their paths.

Examples:
  posttrain shim trl > posttrain_trl.py
  posttrain shim verl --url http://10.0.0.1:8765 --out posttrain_verl.py

Exit status: 0 done, 2 wrong input or a machine that failed.`

/** `posttrain shim`. */
export const shimCommand = (): Command =>
  new Command('shim')
    .summary('a Python file that gives a trainer the rewards of posttrain serve rewards')
    .description('Prints a Python file by which TRL, verl or verifiers asks `posttrain serve rewards` for rewards.')
    .addArgument(new Argument('<trainer>', 'whose reward function it is').choices(SHIM_TRAINERS))
    .option('--url <url>', 'where the server is (default: http://127.0.0.1:8765)')
    .option('--out <file>', 'write it here (default: standard output)')
    .addHelpText('after', EXAMPLES)
    .action(shim)

function shim(trainer: ShimTrainer, { url, out }: ShimOptions): void {
  const file = pythonShim(trainer, { url })
  if (out === undefined) process.stdout.write(file)
  else outputFile(out, '--out')(file)
}
