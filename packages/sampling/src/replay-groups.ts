import { createStream, invalidArgument, invalidData, requireOwnId, shown, shuffled, unsupported } from '@posttrain/core'
import type { Group, Outcome, Reading, RewardFunction, Sample, SampleRequest, Sampler, Task } from '@posttrain/core'
import { requireGroup } from './require-group.js'

/** Samples that were drawn and judged before, as what procedures draw from and are judged by. */
export interface Replay {
  /** In the order of the groups. */
  readonly tasks: readonly Task[]
  /** Gives the samples of a task again, each once within a run, in an order of chance that seed and id fix. */
  readonly sampler: Sampler
  /** The outcomes that the samples had, with their parts. */
  readonly reward: RewardFunction
  /** The answers that the outcomes had: how votes read. */
  readonly answerOf: NonNullable<Reading['answerOf']>
  /** A part of the outcomes as what a procedure chooses by, for instance the score of a reward model. */
  by(part: string): RewardFunction
}

/** Where a sample that is given again keeps its outcome: a symbol, which copies of the sample keep, too. */
const OUTCOME = Symbol('outcome')

interface ReplayedSample extends Sample {
  readonly [OUTCOME]?: Outcome
}

/**
 * Replays groups: what an inference procedure would have answered, and at what cost, on samples that are there already.
 *
 * The i-th sample of a run is the i-th of a random permutation of the task's samples, so that what a run draws is a
 * uniform subset, without repetition. The mean over runs of a procedure with an objective is therefore the estimate
 * that the objective gives of all samples, and for a procedure that stops on what it drew it is unbiased likewise.
 * Samples that hold no text, as those of a log of numbers, have the outcome's answer for a text.
 *
 * @param groups each of a task of its own
 * @returns a sampler that throws `invalid-argument` for tasks that are not there and for more samples than there are,
 *   and `unsupported` for a prompt, a prefix or sampling options, which a log cannot follow; rewards that throw
 *   `invalid-data` for samples of another sampler
 * @throws PosttrainError as `requireGroup`; `invalid-argument` for two groups of one task
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', seed: 0, text: '', finish: 'stop' as const, usage: NO_USAGE }
 * const samples = [0, 1, 2].map((index) => ({ ...sample, index }))
 * const outcomes = ['7', '7', '9'].map((answer) => ({ kind: 'scored' as const, reward: +(answer === '7'), answer }))
 * const replay = replayGroups([{ task: { id: 'a', prompt: '3 + 4 =' }, samples, outcomes }])
 * const vote = adaptiveVote({ most: 3, answerOf: replay.answerOf })
 * const { answer } = await vote.run(replay.sampler, replay.tasks[0]!)
 * answer // => '7'
 * ```
 */
export function replayGroups(groups: Iterable<Group>): Replay {
  const byTask = new Map<string, readonly ReplayedSample[]>()
  const tasks: Task[] = []
  const seen = new Set<string>()
  for (const group of groups) {
    requireGroup(group)
    requireOwnId(group.task, seen)
    tasks.push(group.task)
    byTask.set(
      group.task.id,
      group.samples.map((sample, i) => withOutcome(sample, group.outcomes[i]!)),
    )
  }
  const of = (request: SampleRequest): readonly Sample[] => {
    const { task, count, firstIndex = 0, seed, id = task.id } = request
    requirePlain(request)
    const logged = byTask.get(task.id)
    if (!logged)
      throw invalidArgument(`no group of task ${shown(task.id)} is replayed`, 'ask for the tasks of the groups')
    if (firstIndex + count > logged.length) {
      throw invalidArgument(
        `${firstIndex + count} samples of task ${shown(task.id)} are asked for, but ${logged.length} are replayed`,
        'declare a procedure that draws fewer, or log more samples',
      )
    }
    return shuffled(logged, createStream(seed, 'replay', id))
      .slice(firstIndex, firstIndex + count)
      .map((sample, i) => ({ ...sample, id, seed, index: firstIndex + i }))
  }
  return {
    tasks,
    sampler: {
      async *sample(requests) {
        const given = requests.map(of) // all are checked before any is given
        for (const samples of given) yield* samples
      },
    },
    reward: { name: 'as logged', gives: partsOf(byTask), score: async (_, samples) => samples.map(outcomeOf) },
    answerOf: (sample) => outcomeOf(sample).answer,
    by: (part) => ({ name: part, score: async (_, samples) => samples.map((sample) => partOf(sample, part)) }),
  }
}

function withOutcome(sample: Sample, outcome: Outcome): ReplayedSample {
  return { ...sample, text: sample.text === '' ? (outcome.answer ?? '') : sample.text, [OUTCOME]: outcome }
}

/** The parts that every outcome has. */
function partsOf(byTask: ReadonlyMap<string, readonly ReplayedSample[]>): readonly string[] {
  const outcomes = [...byTask.values()].flat().map(outcomeOf)
  const [first] = outcomes
  return Object.keys(first?.parts ?? {}).filter((name) =>
    outcomes.every(({ parts }) => Object.hasOwn(parts ?? {}, name)),
  )
}

function outcomeOf(sample: ReplayedSample): Outcome {
  const outcome = sample[OUTCOME]
  if (outcome) return outcome
  throw invalidData(
    `sample ${sample.index} of task ${shown(sample.taskId)} carries no outcome of a replayed group`,
    'judge what the sampler of the same replay gives; a store does not keep outcomes',
  )
}

function partOf(sample: Sample, part: string): Outcome {
  const score = outcomeOf(sample).parts?.[part]
  if (typeof score === 'number') return { kind: 'scored', reward: score }
  if (score === null) return { kind: 'unscored', reason: `${part} has no score` }
  throw invalidArgument(
    `the outcome of sample ${sample.index} of task ${shown(sample.taskId)} has no part ${shown(part)}`,
    'choose by a part that all outcomes have',
  )
}

/** A log has what was drawn: nothing that would have changed it can be followed. */
function requirePlain({
  task,
  prompt,
  prefix,
  count: _,
  firstIndex: __,
  seed: ___,
  id: ____,
  ...options
}: SampleRequest): void {
  const [first] = [
    ...(prompt === undefined ? [] : ['a prompt of its own']),
    ...(prefix === undefined || prefix.length === 0 ? [] : ['a prefix']),
    ...Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name])),
  ]
  if (first === undefined) return
  throw unsupported(
    `replayed samples of task ${shown(task.id)} are asked for with ${first}`,
    'what was drawn before cannot be drawn otherwise; leave it out',
  )
}
