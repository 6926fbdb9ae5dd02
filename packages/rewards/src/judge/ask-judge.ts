import {
  addUsage,
  invalidArgument,
  requestId,
  requireInteger,
  shown,
  type CallOptions,
  type Outcome,
  type Sampler,
  type SamplingOptions,
  type Task,
} from '@posttrain/core'
import { collect } from '@posttrain/sampling'

/** Whom to ask, and what for. */
export interface JudgeOptions {
  /** Any sampler: another model, or the policy itself. */
  readonly sampler: Sampler
  /** What makes an answer good, in the judge's own language. */
  readonly rubric: string
  /** For reports. */
  readonly name?: string | undefined
  /** Judgements of each question, of which the mean is taken (default 1). */
  readonly judgements?: number | undefined
  /** Root of the random streams (default 0). */
  readonly seed?: number | undefined
  readonly sampling?: SamplingOptions | undefined
}

/** A question to the judge about one sample. */
export interface Question {
  /** What tells it from the other questions of its task. */
  readonly labels: readonly (string | number)[]
  readonly text: string
  /** The number that a judgement says, or undefined for one that says none. */
  readonly read: (judgement: string) => number | undefined
}

/** What the judgements of some questions come to: the mean of those that could be read, and the cost of all. */
export type Judged = Pick<Outcome, 'usage'> & ({ readonly value: number } | { readonly reason: string })

/** @throws PosttrainError `invalid-argument` for options that ask nothing */
export function requireJudge({ rubric, judgements = 1 }: JudgeOptions): void {
  requireInteger('judgements', judgements, { min: 1 })
  if (typeof rubric !== 'string' || rubric.trim() === '')
    throw invalidArgument('the rubric is empty', 'say what is good')
}

/**
 * Asks all questions at once.
 *
 * @param about (subjects)(questions): a subject is judged only if each of its questions was answered
 */
export async function askJudge(
  task: Task,
  about: readonly (readonly Question[])[],
  { sampler, name = 'judge', judgements = 1, seed = 0, sampling = {} }: JudgeOptions,
  call: CallOptions,
): Promise<readonly Judged[]> {
  const requests = about.flat().map(({ labels, text }) => ({
    ...sampling,
    task: { id: task.id, prompt: text },
    count: judgements,
    seed,
    id: requestId(task.id, name, ...labels),
    prompt: [{ role: 'user' as const, content: text }],
  }))
  const answers = await collect(sampler, requests, call)
  let next = 0
  return about.map((questions): Judged => {
    const given = questions.map((question) => ({ question, samples: answers[next++]! }))
    const usage = addUsage(given.flatMap(({ samples }) => samples.map((sample) => sample.usage)))
    const read = given.map(({ question, samples }) =>
      samples.flatMap(({ finish, text }) => (finish === 'stop' ? (question.read(text) ?? []) : [])),
    )
    const mute = read.findIndex((values) => values.length === 0)
    if (mute < 0) return { value: meanOf(read.map(meanOf)), usage }
    const last = given[mute]!.samples.at(-1)!
    const said = last.finish === 'failed' ? (last.failure ?? 'the sample failed') : shown(last.text.slice(-80))
    return { reason: `no judgement ends in a verdict; the last one: ${said}`, usage }
  })
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
