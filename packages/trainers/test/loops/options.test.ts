import { PosttrainError, type RewardFunction, type Sampler } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { adaptiveKl, fixedKl, inReward, linearKl, stopAtKl } from '@posttrain/kl'
import { ppoClipLoss, supervisedLoss } from '@posttrain/losses'
import { averageCheckpoints, TabularPolicy } from '@posttrain/models'
import { combine } from '@posttrain/rewards'
import {
  bestOf,
  drawGroups,
  environmentSampler,
  evaluate,
  firstPassing,
  groups,
  majorityVote,
} from '@posttrain/sampling'
import {
  correctionsOf,
  drawBestOfN,
  iterate,
  keepAllCorrect,
  keepBest,
  keepDistinct,
  linearWarmup,
  policyGradient,
  selfImprovement,
  shuffledBatches,
  trainJBond,
  trainOffline,
  trainOnline,
  warmupThenDecay,
} from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'

const make = (): TabularPolicy => new TabularPolicy({ prompts: ['a', 'b'], words: ['x', 'y'] })
const tasks = ['a', 'b'].map((id) => ({ id, prompt: id }))
const reward: RewardFunction = {
  name: 'r',
  score: async (_, samples) => samples.map(() => ({ kind: 'scored', reward: 1 })),
}
const untouched: Sampler = {
  sample: () => {
    throw new Error('something was drawn')
  },
}
const optimizer = { learningRate: 0.1 }
const first = async (stream: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of stream) return
}

type Given = Readonly<Record<string, never>>
/** A public function, given its options with one of them changed. */
type Act = (changes: Given) => unknown
const mean = policyGradient(meanObjective())
const flow = (changes: Given): unknown => ({ ...mean, loss: ppoClipLoss(), flow: changes })
const drawn = { sampler: untouched, tasks, reward, objectives: [meanObjective()] }
const online = (changes: object): Promise<void> =>
  first(trainOnline({ policy: make(), samplerAt: () => untouched, tasks, reward, algorithm: mean, optimizer, ...changes })) // prettier-ignore
const offline = (changes: object): Promise<void> =>
  first(trainOffline({ model: make(), loss: supervisedLoss(), batch: () => [{ prompt: 'a', tokens: [0] }], steps: 1, optimizer, ...changes })) // prettier-ignore
const rounds: Act = (changes) =>
  first(iterate({ policy: make(), tasks, reward, algorithm: selfImprovement.rft, rounds: 1, samplesPerTask: 2, train: () => offlineNever, ...changes })) // prettier-ignore
const offlineNever = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }
const jBond: Act = (changes) =>
  first(trainJBond({ policy: make(), anchor: make(), average: averageCheckpoints, tasks, reward, steps: 1, optimizer, ...changes })) // prettier-ignore
const run: Act = (changes) => majorityVote({ k: 1 }).run(untouched, tasks[0]!, changes)
const sampling: readonly Act[] = [
  (changes) => evaluate({ ...drawn, sampling: changes }),
  (changes) => online({ sampling: changes }),
  (changes) => rounds({ sampling: changes as never }),
  (changes) => run({ sampling: changes as never }),
]
const optimizing: readonly Act[] = [
  (changes) => online({ optimizer: { ...optimizer, ...changes } }),
  (changes) => offline({ optimizer: { ...optimizer, ...changes } }),
  (changes) => jBond({ optimizer: { ...optimizer, ...changes } as never }),
]

const NEVER = [NaN, '3', null, 1n, Infinity] as const
const COUNT = [...NEVER, -1, 1.5] as const
const POSITIVE = [...COUNT, 0] as const
const SEED = [...NEVER, 1.5] as const
const AMOUNT = [...NEVER, -1] as const
const SHARE = [...AMOUNT, 1.5] as const
const NUMBER = NEVER

type Row = readonly [name: string, acts: readonly Act[], options: Readonly<Record<string, readonly unknown[]>>]
const rows: readonly Row[] = [
  [
    'sampling',
    sampling,
    { temperature: AMOUNT, topK: POSITIVE, topP: [...SHARE, 0], minP: SHARE, maxTokens: POSITIVE },
  ],
  ['optimizer', optimizing, { learningRate: AMOUNT, epsilon: [...AMOUNT, 0], weightDecay: AMOUNT, maxGradientNorm: [NaN, '3', null, 1n, -1, 0], refuseAbove: [NaN, '3', null, 1n, -1] }], // prettier-ignore
  ['evaluate', [(changes) => evaluate({ ...drawn, ...changes })], { samplesPerTask: POSITIVE, tasksInFlight: POSITIVE, concurrency: POSITIVE, seed: SEED, level: [...AMOUNT, 0, 1, 1.5] }], // prettier-ignore
  ['groups', [(changes) => first(groups({ ...drawn, ...changes }))], { samplesPerTask: POSITIVE, tasksInFlight: POSITIVE, concurrency: POSITIVE, seed: SEED }], // prettier-ignore
  ['drawGroups', [(changes) => first(drawGroups(untouched, [], { reward, ...changes }))], { inFlight: POSITIVE, concurrency: POSITIVE }], // prettier-ignore
  ['a request', [(changes) => first(drawGroups(untouched, [{ task: tasks[0]!, count: 1, seed: 0, ...changes }], { reward }))], { count: COUNT, firstIndex: COUNT, seed: SEED }], // prettier-ignore
  ['run', [run], { seed: SEED }],
  ['bestOf', [(changes) => bestOf({ n: 1, by: reward, ...changes })], { n: POSITIVE }],
  ['firstPassing', [(changes) => firstPassing({ k: 1, by: reward, ...changes })], { k: POSITIVE }],
  ['majorityVote', [(changes) => majorityVote({ k: 1, ...changes })], { k: POSITIVE }],
  ['environmentSampler', [(changes) => environmentSampler(untouched, { name: 'e', start: () => new Promise(() => {}) }, { maxTurns: 1, ...changes })], { maxTurns: POSITIVE, maxTokensPerTurn: POSITIVE }], // prettier-ignore
  ['combine', [({ weight }) => combine('c', [{ reward, weight: weight! }])], { weight: NUMBER }],
  ['trainOnline', [online], { steps: COUNT, startStep: COUNT, promptsPerStep: POSITIVE, samplesPerPrompt: POSITIVE, concurrency: POSITIVE, seed: SEED }], // prettier-ignore
  ['flow', [(changes) => online({ algorithm: flow(changes) })], { minibatches: POSITIVE, epochs: POSITIVE, dynamicSampling: COUNT }], // prettier-ignore
  ['klControl', [(changes) => online({ klControl: { step: 0, coefficient: 0, stop: false, ...changes } })], { step: COUNT, coefficient: AMOUNT }], // prettier-ignore
  ['a KL penalty', [(changes) => online({ algorithm: { ...mean, kl: { placement: inReward({ value: 'k1' }), ...changes } } })], { coefficient: AMOUNT }], // prettier-ignore
  ['trainOffline', [offline], { steps: COUNT, startStep: COUNT }],
  ['iterate', [rounds], { rounds: COUNT, startRound: COUNT, samplesPerTask: POSITIVE, concurrency: POSITIVE, seed: SEED }], // prettier-ignore
  ['trainJBond', [jBond], { steps: COUNT, startStep: COUNT, promptsPerStep: POSITIVE, concurrency: POSITIVE, seed: SEED, beta: SHARE, klCoefficient: AMOUNT, anchorRate: SHARE }], // prettier-ignore
  ['drawBestOfN', [(changes) => first(drawBestOfN({ ...drawn, n: 2, ...changes }))], { n: [...POSITIVE, 1], draws: POSITIVE, seed: SEED, concurrency: POSITIVE }], // prettier-ignore
  ['shuffledBatches', [(changes) => shuffledBatches([1], changes['size'] ?? 1, changes['seed'] ?? 0)], { size: POSITIVE.filter((value) => value !== null), seed: SEED.filter((value) => value !== null) }], // prettier-ignore
  ['linearWarmup', [(changes) => linearWarmup(...(Object.values({ rate: 1, warmupSteps: 1, ...changes }) as [number, number]))], { rate: AMOUNT, warmupSteps: COUNT }], // prettier-ignore
  ['warmupThenDecay', [(changes) => warmupThenDecay(...(Object.values({ rate: 1, steps: 1, warmupSteps: 1, decayFrom: 0.5, final: 0, ...changes }) as [number, number, number, number, number]))], { rate: AMOUNT, steps: POSITIVE, warmupSteps: COUNT, decayFrom: [...SHARE, 1], final: SHARE }], // prettier-ignore
  ['rules', [({ correctFrom }) => keepAllCorrect(correctFrom), (changes) => keepDistinct(changes), ({ correctFrom }) => correctionsOf([], correctFrom)], { correctFrom: NUMBER }], // prettier-ignore
  ['keepBest', [({ atLeast }) => keepBest(atLeast)], { atLeast: NUMBER }],
  ['fixedKl', [({ coefficient }) => fixedKl(coefficient!)], { coefficient: AMOUNT }],
  ['linearKl', [(changes) => linearKl({ from: 1, to: 0, steps: 1, ...changes })], { from: AMOUNT, to: AMOUNT, steps: POSITIVE }], // prettier-ignore
  ['adaptiveKl', [(changes) => adaptiveKl({ initial: 1, target: 1, ...changes })], { initial: [...AMOUNT, 0], target: [...AMOUNT, 0], gain: AMOUNT, clip: AMOUNT }], // prettier-ignore
  ['stopAtKl', [(changes) => stopAtKl({ target: 1, controller: fixedKl(0), ...changes })], { target: [...AMOUNT, 0], tolerance: [...AMOUNT, 0.5] }], // prettier-ignore
  ['TabularPolicy', [(changes) => new TabularPolicy({ prompts: ['a'], words: ['x', 'y'], ...changes })], { length: POSITIVE }], // prettier-ignore
]

describe.each(rows)('%s', (_, acts, options) => {
  const cases = Object.entries(options).flatMap(([option, values]) => values.map((value) => [option, value] as const))
  it.each(cases)('refuses %s of %o, before anything is drawn', async (option, value) => {
    for (const act of acts) {
      let error: unknown
      try {
        await act({ [option]: value as never })
      } catch (thrown) {
        error = thrown
      }
      expect(error, 'nothing was refused').toBeInstanceOf(PosttrainError)
      expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(option) })
    }
  })
})

it.each([
  ['trainOnline', online],
  ['iterate', rounds],
  ['trainJBond', jBond],
  ['evaluate', (changes: Given) => evaluate({ ...drawn, ...changes })],
] as const)('%s refuses two tasks of one id, and what is no task', async (_, act: Act) => {
  const given = (list: unknown): Given => ({ tasks: list }) as unknown as Given
  await expect(act(given([tasks[0]!, { ...tasks[1]!, id: 'a' }]))).rejects.toThrow('two tasks have the id a')
  await expect(act(given([tasks[0]!, { id: 'b' }]))).rejects.toThrow('the prompt of task b is undefined')
  await expect(act(given([tasks[0]!, null]))).rejects.toThrow('a task is null')
})
