import {
  createStream,
  PosttrainError,
  requireSameProvenance,
  type PolicySnapshot,
  type TokenSequence,
} from '@posttrain/core'
import type { JudgedGroup } from '../advantages/advantage-rule.js'
import type { Algorithm } from '../algorithms/algorithm.js'
import { completionTokens } from './completion-tokens.js'
import { startDrawing, type Drawing, type Place } from './draw.js'
import { isConstant, judge, judgeGreedy, type Judged } from './judge.js'
import { creditedToReward } from './kl-credit.js'
import { itemsOfStep } from './prompt-order.js'
import type { TrainOnlineSettings } from './settings.js'

/** Everything that is known of a step's samples before the update. */
export interface Rollout {
  readonly groups: readonly JudgedGroup[]
  readonly unscored: number
  /** Groups whose samples all got the same reward, those that were replaced among them. */
  readonly constantGroups: number
  /** Groups left out because too few of their samples had a score. */
  readonly shortGroups: number
}

/** Draws for a step, judges, and asks the policy and the reference for what the algorithm needs to know. */
export async function rollOut(
  settings: TrainOnlineSettings,
  algorithm: Algorithm,
  reference: PolicySnapshot | undefined,
  step: number,
  drawing: Drawing = startDrawing(settings, step, []),
): Promise<Rollout> {
  const all = await drawGroups(settings, algorithm, step, drawing)
  const needed = Math.max(algorithm.advantages.minimumSamples, algorithm.objective.k)
  const whole = all.filter(({ outcomes }) => outcomes.length >= needed)
  const useful = algorithm.flow?.refill === undefined ? whole : informativeFirst(whole, settings.promptsPerStep)
  const judged = algorithm.advantages.needs.includes('greedy')
    ? await withGreedy(settings, algorithm, useful, drawing)
    : useful
  if (judged.length === 0) {
    throw new PosttrainError(
      'unscored',
      `no prompt of step ${step} has the ${needed} scored samples that ${algorithm.name} needs`,
      'repair the reward function, or draw more samples per prompt',
    )
  }
  return {
    groups: await withConstants(settings, algorithm, reference, judged),
    unscored: all.reduce((sum, { unscored }) => sum + unscored, 0) + useful.length - judged.length,
    constantGroups: whole.filter(isConstant).length,
    shortGroups: all.length - whole.length + useful.length - judged.length,
  }
}

async function drawGroups(
  settings: TrainOnlineSettings,
  algorithm: Algorithm,
  step: number,
  drawing: Drawing,
): Promise<Judged[]> {
  const { promptsPerStep, seed } = settings
  const placesOf = (round: number, count: number): Place[] => {
    const from = round === 0 ? seed : createStream(seed, 'refill', round).integer(2 ** 31)
    const tasks = itemsOfStep(settings.tasks, promptsPerStep, step, from).slice(0, count)
    return tasks.map((task, place) => ({ task, id: `${round === 0 ? '' : `refill ${round}, `}${place}/${task.id}` }))
  }
  const all: Judged[] = []
  for (let round = 0; round <= (algorithm.flow?.refill ?? 0); round++) {
    const lacking = promptsPerStep - (round === 0 ? 0 : all.filter((group) => !isConstant(group)).length)
    if (lacking <= 0) break
    const places = placesOf(round, lacking)
    all.push(...(await judge(settings, algorithm, places, await drawing.groups(places))))
  }
  return all
}

/** The groups that say something, and if there are too few of them, constant ones to keep the batch's size. */
const informativeFirst = (groups: readonly Judged[], count: number): readonly Judged[] =>
  [...groups.filter((group) => !isConstant(group)), ...groups.filter(isConstant)].slice(0, count)

/** A place whose most likely completion may have been judged too. */
type Prepared = Judged & Pick<JudgedGroup, 'greedy'>

/** The groups whose most likely completion has a score, with it. */
async function withGreedy(
  settings: TrainOnlineSettings,
  algorithm: Algorithm,
  groups: readonly Judged[],
  drawing: Drawing,
): Promise<readonly Prepared[]> {
  const outcomes = await judgeGreedy(settings, algorithm, groups, await drawing.greedy(groups))
  return groups.flatMap((group, place) => (outcomes[place] ? [{ ...group, greedy: outcomes[place] }] : []))
}

async function withConstants(
  { policy, call }: TrainOnlineSettings,
  algorithm: Algorithm,
  reference: PolicySnapshot | undefined,
  judged: readonly Prepared[],
): Promise<readonly JudgedGroup[]> {
  const sequences = judged.map(({ task, samples }) =>
    samples.map((sample): TokenSequence => ({ prompt: task.prompt, tokens: completionTokens(task, sample) })),
  )
  const regroup = <T>(flat: readonly T[]): T[][] => {
    let next = 0
    return sequences.map((group) => group.map(() => flat[next++]!))
  }
  let referenceLogprobs: Float64Array[][] | undefined
  if (reference) {
    requireSameProvenance(reference.provenance, policy.provenance)
    const scores = await reference.score(sequences.flat(), {}, call)
    referenceLogprobs = regroup(scores.map(({ logprob }) => logprob))
  }
  const values = algorithm.advantages.needs.includes('values')
    ? regroup((await policy.score(sequences.flat(), { value: true }, call)).map(({ value }) => value!))
    : undefined
  const groups = judged.map(({ task, samples, outcomes, greedy }, place): JudgedGroup => ({
    task,
    samples,
    outcomes,
    ...(greedy ? { greedy } : {}),
    ...(referenceLogprobs ? { referenceLogprobs: referenceLogprobs[place]! } : {}),
    ...(values ? { values: values[place]! } : {}),
  }))
  return creditedToReward(algorithm, groups)
}
