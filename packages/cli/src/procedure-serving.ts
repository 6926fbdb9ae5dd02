import { procedureServer, type ProcedureServerOptions } from '@posttrain/server'
import type { Command } from 'commander'
import { integer, positive } from './option-parsers.js'
import { rulesOf, withRules, type RuleFlags } from './rule-options.js'
import { accessOf, serveUntilStopped, withServing, type ServingOptions } from './serving.js'

/** How procedures are served, whichever they are. */
export interface ProcedureServingOptions extends ServingOptions, RuleFlags {
  readonly seed: number
  readonly deadline: number
}

/** Adds the options that every server of procedures has. */
export const withProcedureServing = (command: Command): Command =>
  withServing(withRules(command), 'runs', 'runs at the same time')
    .option('--seed <n>', 'seed of requests that have none', integer(0), 0)
    .option('--deadline <seconds>', 'that a run takes at most; then the answer is 504', positive, 600)

/**
 * Serves procedures until the first Ctrl-C.
 *
 * @param make what is served; what is wrong with the rules is said before it is made
 * @throws PosttrainError as `rulesOf`, `procedureServer` and `listen`
 */
export async function serveProcedures(
  options: ProcedureServingOptions,
  make: () => Promise<Pick<ProcedureServerOptions, 'procedures' | 'canary' | 'judge' | 'sampler'>>,
): Promise<void> {
  const { seed, deadline, concurrency, queue, perClient } = options
  const rules = rulesOf(options)
  const access = accessOf(options)
  const bounds = { rules, seed, deadline, concurrency, queue, perClient }
  await serveUntilStopped(procedureServer({ ...(await make()), ...bounds, ...access }), access, options)
}
