import { callCallerNow, requestId, type Group, type Sampler, type SampleRequest, type Task } from '@posttrain/core'
import { drawGroups } from '@posttrain/sampling'
import { shaped } from '../../rewards/unshaped.js'
import { itemsOfStep } from '../items-of-step.js'
import type { Rollout } from './events.js'
import { isConstant } from './is-constant.js'
import { checkedSettings, type CheckedSettings, type TrainOnlineOptions } from './settings.js'

/**
 * Draws and judges the samples of a step. It touches no policy: asynchronous training is this on one machine and
 * `update` on another. Samples are functions of (seed, step, place), whatever else is drawn.
 *
 * @throws PosttrainError as `collect` and `judge` of `@posttrain/sampling`
 */
export async function rollOut(options: TrainOnlineOptions, step: number, sampler: Sampler): Promise<Rollout> {
  const settings = checkedSettings(options)
  const algorithm = settings.algorithmAt(step)
  const { dynamicSampling = 0 } = algorithm.flow ?? {}
  const groups: Rollout['groups'][number][] = []
  for (let round = 0; round <= dynamicSampling; round++) {
    const informative = groups.filter((group) => !isConstant(group, settings.unscored)).length
    const lacking = settings.promptsPerStep - (round === 0 ? 0 : informative)
    if (lacking <= 0) break
    const tasks = itemsOfStep(options.tasks, settings.promptsPerStep, step, settings.seed, round).slice(0, lacking)
    groups.push(...(await drawRound(options, settings, { step, round, tasks }, sampler)))
  }
  return { step, groups }
}

/** The prompts of one go at drawing; a later one replaces prompts that said nothing. */
interface Round {
  readonly step: number
  readonly round: number
  readonly tasks: readonly Task[]
}

async function drawRound(
  options: TrainOnlineOptions,
  settings: CheckedSettings,
  { step, round, tasks }: Round,
  sampler: Sampler,
): Promise<Rollout['groups'][number][]> {
  const { samplesPerPrompt: count, sampling, seed } = settings
  const algorithm = settings.algorithmAt(step)
  // A prompt may come twice in a step, at the seam of two epochs: its place keeps its samples apart.
  const labels = round === 0 ? ['step', step] : ['step', step, 'again', round]
  const requests = tasks.map((task, place): SampleRequest => ({
    ...sampling,
    task,
    count,
    seed,
    id: requestId(task.id, ...labels, place),
  }))
  const groups = await inOrder(options, settings, step, requests, sampler)
  if (!algorithm.advantages.needs.includes('greedy')) return groups
  const likely = requests.map((request): SampleRequest => ({
    ...request,
    count: 1,
    temperature: 0,
    id: requestId(request.id!, 'greedy'),
  }))
  const greedy = await inOrder(options, settings, step, likely, sampler)
  return groups.map((group, i) => ({ ...group, greedy: greedy[i]! }))
}

/** The groups of requests, in the order of the requests; all of them go to the sampler in one call. */
async function inOrder(
  { reward, known, knownGroups, onSample, onGroup, signal }: TrainOnlineOptions,
  { algorithmAt, concurrency }: CheckedSettings,
  step: number,
  requests: readonly SampleRequest[],
  sampler: Sampler,
): Promise<Group[]> {
  const { transformReward, reading } = algorithmAt(step)
  const places = new Map(requests.map(({ id }, place) => [id, place]))
  const groups = new Array<Group>(requests.length)
  const drawn = drawGroups(sampler, requests, {
    reward: transformReward
      ? callCallerNow('transformReward', `at step ${step}`, () => shaped(reward, transformReward))
      : reward,
    reading,
    known,
    knownGroups,
    onSample,
    onGroup,
    concurrency,
    inFlight: 2 * requests.length,
    signal,
  })
  for await (const { request, task, samples, outcomes } of drawn) {
    groups[places.get(request.id)!] = { task, samples, outcomes }
  }
  return groups
}
