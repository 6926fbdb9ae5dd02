import type { Procedure } from '@posttrain/core'
import { parseProcedure, procedureForms } from '@posttrain/sampling'
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
    .option('--reward <name>', 'what a procedure chooses by, where it does: a module; it sees no reference')
    .option('--answer <how>', `how votes read an answer: ${ANSWER_READERS}`, 'text')

/**
 * The procedure of a name.
 *
 * @throws PosttrainError as `parseProcedure`, `chosenReward` and `answerReader`
 */
export async function chosenProcedure(name: string, { reward, answer }: ProcedureFlags): Promise<Procedure> {
  const by = reward === undefined ? undefined : (await chosenReward(reward, 1)).reward
  return parseProcedure(name, { by, answerOf: await answerReader(answer) })
}
