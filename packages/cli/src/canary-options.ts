import type { Procedure } from '@posttrain/core'
import type { Command } from 'commander'
import { chosenProcedure, withProcedure, type ProcedureFlags } from './chosen-procedure.js'
import { chosenSampler, withSampler, type ChosenSampler, type SamplerOptions } from './chosen-sampler.js'
import { note } from './log-options.js'
import { positive, share } from './option-parsers.js'

/** Two sides, on the command line. */
export interface CanaryOptions extends SamplerOptions, ProcedureFlags {
  readonly a: string
  readonly b: string
  readonly serverB?: string | undefined
  readonly modelB?: string | undefined
  readonly margin?: number | undefined
  readonly level: number
}

/** A side: its procedure, and what it draws from. */
export interface ChosenSide extends ChosenSampler {
  readonly procedure: Procedure
}

/** Adds the options that say what is compared, and when that is decided. */
export const withSides = (command: Command, flag: '--endpoint' | '--upstream'): Command =>
  withSampler(
    withProcedure(
      command
        .requiredOption('--a <procedure>', 'what is deployed, for instance mean (required)')
        .requiredOption('--b <procedure>', 'what may replace it, for instance majority:8 (required)')
        .option('--server-b <url>', 'the server of B, where it is another')
        .option('--model-b <name>', 'the model of B, where it is another')
        .option('--margin <n>', 'a loss below it is none: B may also take over where it is not worse', positive)
        .option('--level <share>', 'chance that no verdict is ever wrong, at least', share, 0.95),
    ),
    flag,
  )

/** Both sides; B draws from what A draws from, where nothing else is said. */
export async function chosenSides(options: CanaryOptions): Promise<{ readonly a: ChosenSide; readonly b: ChosenSide }> {
  const { serverB, modelB } = options
  const [a, b] = await Promise.all([chosenProcedure(options.a, options), chosenProcedure(options.b, options)])
  const of = await chosenSampler(options)
  of.notes.forEach(note)
  const other = serverB !== undefined || modelB !== undefined
  const ofB = other ? await chosenSampler({ ...options, ...serverOf(options), model: modelB }) : of
  if (other) ofB.notes.forEach((text) => note(`B: ${text}`))
  return { a: { ...of, procedure: a }, b: { ...ofB, procedure: b } }
}

/** The server of B: its own, or that of A. */
const serverOf = ({ serverB, endpoint, upstream }: CanaryOptions): Partial<SamplerOptions> =>
  serverB === undefined ? { endpoint, upstream } : { endpoint: serverB, upstream: undefined }
