import type { Procedure, RewardFunction } from '@posttrain/core'
import { confidenceReward, logprobReward, parseProcedure, procedureForms } from '@posttrain/sampling'
import type { Command } from 'commander'
import { answerReader, ANSWER_READERS } from './answer-reader.js'
import { chosenReward } from './score-rewards.js'

/** What a procedure chooses by and reads, on the command line. */
export interface ProcedureFlags {
  readonly reward?: string | undefined
  readonly answer: string
}

/** The procedures there are, for help. */
export const PROCEDURE_HELP: string = `Procedures:
${procedureForms.map(({ form, title }) => `  ${form}\n      ${title}`).join('\n')}
The names of objectives, for instance mean, maj@K, pass@K and best-of-N, stand for those that have them.`

/** Adds the options that say what procedures choose by and read. */
export const withProcedure = (command: Command): Command =>
  command
    .option(
      '--reward <name>',
      'what a procedure chooses by, where it does: a module, logprob or confidence; it sees no reference',
    )
    .option('--answer <how>', `how votes read an answer: ${ANSWER_READERS}`, 'text')

/**
 * The procedure of a name.
 *
 * @throws PosttrainError as `parseProcedure`, `chosenReward` and `answerReader`
 */
export async function chosenProcedure(name: string, { reward, answer }: ProcedureFlags): Promise<Procedure> {
  const by = reward === undefined ? undefined : await chosenBy(reward)
  return parseProcedure(name, { by, answerOf: await answerReader(answer) })
}

/** What needs no reward: how likely a sample was to its own model, and how peaked that was at each token. */
const OF_MODEL: Readonly<Record<string, () => RewardFunction>> = {
  logprob: () => logprobReward(),
  confidence: () => confidenceReward({ measure: 'mean' }),
}

const chosenBy = async (name: string): Promise<RewardFunction> =>
  Object.hasOwn(OF_MODEL, name) ? OF_MODEL[name]!() : (await chosenReward(name, 1)).reward
