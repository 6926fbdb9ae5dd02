import { mean, type Group, type Procedure } from '@posttrain/core'
import { pairedDifference, type PairedDifference } from '@posttrain/estimators'
import {
  adaptiveVote,
  bestOf,
  computeOptimal,
  confidentVote,
  firstPassing,
  majorityVote,
  measureProcedures,
  replayGroups,
  sequentialVoting,
  singleSample,
  type ComputeOptimalReport,
  type MeasuredProcedure,
  type Replay,
} from '@posttrain/sampling'

/** A procedure, and how it compares with the widest of its table. */
export interface ComparedProcedure {
  readonly measured: MeasuredProcedure
  readonly difference: PairedDifference
}

/** What the page says of the samples of one prompt. */
export interface PromptMeasurements {
  readonly title: string
  readonly votes: readonly ComparedProcedure[]
  readonly attempts: readonly ComparedProcedure[]
}

/** Samples of a prompt. */
export interface SampledPrompt {
  readonly title: string
  readonly groups: readonly Group[]
}

/** What is chosen at each budget, by one kind of difficulty. */
export interface ChoicesByDifficulty {
  readonly title: string
  readonly choices: readonly { readonly budget: number; readonly report: ComputeOptimalReport }[]
}

/** Times that a procedure which stops on what it drew is run on each puzzle. */
export const RUNS = 10

const votes = ({ answerOf }: Replay): readonly Procedure[] => [
  singleSample(),
  ...[5, 10, 20].map((k) => majorityVote({ k, answerOf })),
  adaptiveVote({ answerOf }),
  adaptiveVote({ answerOf, criterion: 'dirichlet', atOnce: 5 }),
  adaptiveVote({ answerOf, threshold: 0.99 }),
  confidentVote({ most: 40, answerOf }),
  sequentialVoting({ answerOf }),
  majorityVote({ k: 40, answerOf }),
]

const attempts = ({ reward: by }: Replay): readonly Procedure[] => [
  ...[4, 16, 64].map((k) => firstPassing({ k, by })),
  bestOf({ n: 64, by }),
]

/** Widths that a choice by difficulty may take, for either prompt. */
const WIDTHS = [1, 2, 4, 8, 16, 32]

/** Replays procedures on the samples of prompts. */
export async function promptMeasurements({ title, groups }: SampledPrompt): Promise<PromptMeasurements> {
  const replay = replayGroups(groups)
  const measure = async (procedures: readonly Procedure[]): Promise<readonly ComparedProcedure[]> =>
    compared(await measureProcedures({ ...replay, procedures, samplesPerTask: 100, runs: RUNS }))
  return { title, votes: await measure(votes(replay)), attempts: await measure(attempts(replay)) }
}

/**
 * Chooses prompt and width of best-of-N by difficulty. Procedures are measured on the second half of each puzzle's
 * samples, so that the first can say how difficult it is for the model.
 *
 * @param others difficulties (puzzles) of other kinds
 */
export async function difficultyChoices(
  prompts: readonly SampledPrompt[],
  others: readonly { readonly title: string; readonly difficulties: readonly number[] }[],
  budgets: readonly number[],
): Promise<readonly ChoicesByDifficulty[]> {
  const measured: MeasuredProcedure[] = []
  for (const { title, groups } of prompts) {
    const replay = replayGroups(groups.map((group) => part(group, 50)))
    const procedures = WIDTHS.map((n) => bestOf({ n, by: replay.reward }))
    const wide = await measureProcedures({ ...replay, procedures, samplesPerTask: 50 })
    measured.push(...wide.map((one, i) => ({ ...one, name: `${WIDTHS[i]} × ${title}` })))
  }
  const uniform = WIDTHS.map((n) => `${n} × ${prompts[0]!.title}`)
  const ofModel = prompts[0]!.groups.map((_, task) => mean(prompts.map(({ groups }) => failures(groups[task]!, 50))))
  return [{ title: 'failures of the model in 100 other samples', difficulties: ofModel }, ...others].map(
    ({ title, difficulties }) => ({
      title,
      choices: budgets.map((budget) => {
        return { budget, report: computeOptimal({ measured, difficulties, uniform, budget, bins: 3 }) }
      }),
    }),
  )
}

const part = ({ task, samples, outcomes }: Group, from: number): Group => {
  return { task, samples: samples.slice(from), outcomes: outcomes.slice(from) }
}

const failures = ({ outcomes }: Group, of: number): number =>
  mean(outcomes.slice(0, of).map((outcome) => (outcome.kind === 'scored' ? 1 - outcome.reward : 1)))

/** Each against the last. */
function compared(measured: readonly MeasuredProcedure[]): readonly ComparedProcedure[] {
  const valuesOf = ({ perTask }: MeasuredProcedure): readonly number[] => perTask.map(({ value }) => value)
  const widest = valuesOf(measured.at(-1)!)
  return measured.map((one) => ({ measured: one, difference: pairedDifference(widest, valuesOf(one)) }))
}
