import type { Objective, Outcome, Procedure, RewardFunction, Sample, Sampler } from '@posttrain/core'
import { described, PosttrainError } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import {
  bestOf,
  collect,
  environmentSampler,
  evaluate,
  firstPassing,
  judge,
  majorityVote,
  procedureSampler,
  singleSample,
  type Environment,
  type EvaluateOptions,
} from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import { exactMatch, sampleOf, scriptedSampler, task } from './support/scripted-sampler.js'

/** What a call is refused with; an error if it is not refused, or not by an error of ours. */
async function refusal(act: () => Promise<unknown>): Promise<PosttrainError> {
  try {
    await act()
  } catch (error) {
    if (error instanceof PosttrainError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const script = { a: ['A', 'B'], b: ['B', 'A'] }
const tasks = [task('a'), task('b')]
const options = (changes: Partial<EvaluateOptions>): EvaluateOptions => ({
  sampler: scriptedSampler(script),
  tasks,
  reward: exactMatch,
  objectives: [meanObjective()],
  samplesPerTask: 2,
  ...changes,
})

const thrower = (value: unknown) => (): never => {
  throw value
}
/** What a function may do in place of giving an answer. */
const throwing: readonly (readonly [string, () => never, string])[] = [
  ['an Error', thrower(new Error('boom')), 'boom'],
  ['a text', thrower('boom'), 'boom'],
  ['nothing', thrower(undefined), 'undefined'],
]

describe('a reward', () => {
  const scored = { kind: 'scored', reward: 1 }
  const wrong: readonly (readonly [string, (samples: readonly Sample[]) => unknown, string])[] = [
    ['too few', (samples) => samples.slice(1).map(() => scored), 'gave 1 outcomes for 2 samples of task a'],
    ['too many', (samples) => [...samples, 0].map(() => scored), 'gave 3 outcomes for 2 samples of task a'],
    ['twice as many', (samples) => [...samples, ...samples].map(() => scored), 'gave 4 outcomes'],
    ['none', () => [], 'gave 0 outcomes'],
    ['undefined', () => undefined, 'gave undefined for 2 samples'],
    ['null', () => null, 'gave null for 2 samples'],
    ['no array', (samples) => ({ length: samples.length }), 'gave an object for 2 samples'],
    ['a bigint', () => 2n, 'gave 2n for 2 samples'],
    ['holes', (samples) => new Array(samples.length), 'gave sample 0 of task a undefined as its outcome'],
    ['nulls', (samples) => samples.map(() => null), 'gave sample 0 of task a null as its outcome'],
    ['numbers', (samples) => samples.map(() => 1), 'gave sample 0 of task a 1 as its outcome'],
    ...[NaN, Infinity, -Infinity, '1', 1n, null, undefined].map(
      (reward) =>
        [
          `the reward ${String(reward)}`,
          () => [scored, { kind: 'scored', reward }],
          'gave sample 1 of task a the reward',
        ] as const,
    ),
    ['no kind', () => [{ reward: 1 }, scored], 'an outcome of kind undefined'],
    ['a kind that is a bigint', () => [{ kind: 1n }, scored], 'an outcome of kind 1n'],
    ['no reason', () => [{ kind: 'unscored' }, scored], 'no reason for being unscored'],
    ['an empty reason', () => [{ kind: 'unscored', reason: '' }, scored], 'no reason for being unscored'],
    ['an answer that is a bigint', () => [{ ...scored, answer: 1n }, scored], 'an answer that is no text (1n)'],
    ['parts that are texts', () => [{ ...scored, parts: { p: '1' } }, scored], '"1" as its part p'],
    ['parts that are NaN', () => [{ ...scored, parts: { p: NaN } }, scored], 'NaN as its part p'],
    ['parts that are a list', () => [{ ...scored, parts: [1] }, scored], 'parts that are a list of 1'],
    ['steps without an end', () => [{ ...scored, steps: [{ reward: 1 }] }, scored], 'a step that is not'],
    ['steps that do not ascend', () => [{ ...scored, steps: [{ end: 2, reward: 1 }, { end: 1, reward: 1 }] }, scored], 'a step that ends at 1'], // prettier-ignore
    ['a usage of NaN', () => [{ ...scored, usage: { promptTokens: NaN, completionTokens: 0 } }, scored], 'usage.promptTokens is NaN'], // prettier-ignore
    ['a cost below 0', () => [{ ...scored, usage: { promptTokens: 0, completionTokens: 0, cost: -1 } }, scored], 'usage.cost is -1'], // prettier-ignore
    ...throwing.map(([name, call, reason]) => [`throws ${name}`, call, `failed on task a: ${reason}`] as const),
  ]
  const rewardOf = (gives: (samples: readonly Sample[]) => unknown, isAsync: boolean): RewardFunction => ({
    name: 'odd',
    score: ((of, samples) => {
      if (of.id !== 'a') return exactMatch.score(of, samples)
      return isAsync ? Promise.resolve().then(() => gives(samples)) : gives(samples)
    }) as RewardFunction['score'],
  })

  describe.each([
    ['at once', false],
    ['later', true],
  ])('that answers %s', (_, isAsync) => {
    // prettier-ignore
    it.each(wrong)('%s', async (_name, gives, message) => {
      const reward = rewardOf(gives, isAsync)
      const drawn = [sampleOf('a', 0, 'A'), sampleOf('a', 1, 'B')]
      const procedure = bestOf({ n: 2, by: reward })
      for (const act of [
        () => judge(task('a'), drawn, reward),
        () => evaluate(options({ reward })),
        () => evaluate(options({ procedure })),
        () => procedure.run(scriptedSampler(script), task('a')),
      ]) {
        const { code, message: said } = await refusal(act)
        expect([code, said]).toEqual(['invalid-data', expect.stringContaining(message)])
        expect(said).toContain('the reward odd')
        expect(said).toContain('task a')
      }
    })
  })
})

describe('a sampler', () => {
  const changed = (change: Partial<Record<keyof Sample, unknown>>) =>
    async function* (this: Sampler, ...[requests]: Parameters<Sampler['sample']>) {
      for await (const sample of scriptedSampler(script).sample(requests)) {
        yield (sample.taskId === 'a' && sample.index === 1 ? { ...sample, ...change } : sample) as Sample
      }
    }
  const provenance = { engine: 'e', dtype: 'f32', weights: 'w' }
  const tokens = [1, 2]
  const wrongFields: readonly (readonly [Partial<Record<keyof Sample, unknown>>, string])[] = [
    ...[-1, 1.5, NaN, Infinity, '0', null, 1n].map((index) => [{ index }, 'its index is'] as const),
    [{ index: 1e6 }, 'gave sample 1000000 of a, which was not asked for'],
    [{ index: 0 }, 'which was not asked for'],
    [{ id: 'nobody' }, 'gave sample 1 of nobody, which was not asked for'],
    [{ id: 4 }, 'its id is 4'],
    [{ taskId: 'b' }, 'gave sample 1 of a under task b, but it is of task a'],
    [{ taskId: undefined }, 'its taskId is undefined'],
    [{ seed: 5 }, 'gave sample 1 of a with seed 5, but it was asked for with 0'],
    [{ seed: '0' }, 'its seed is "0"'],
    [{ text: undefined }, 'its text is undefined'],
    [{ text: 4 }, 'its text is 4'],
    [{ finish: 'done' }, 'its finish is "done"'],
    [{ usage: undefined }, 'it has no usage'],
    [{ usage: { promptTokens: 1, completionTokens: -1 } }, 'usage.completionTokens is -1'],
    [{ prompt: 4 }, 'its prompt is 4'],
    ...[NaN, -1, 1.5, '1', 1n, null].map((token) => [{ tokens: [0, token] }, 'tokens[1] is'] as const),
    [{ tokens: new Array(1) }, 'tokens[0] is undefined'],
    [{ tokens: 'ab' }, 'its tokens are "ab"'],
    [{ mask: Uint8Array.of(1) }, 'a mask without tokens'],
    [{ tokens, mask: Uint8Array.of(1) }, '1 mask where there should be 2'],
    [{ tokens, mask: Uint8Array.of(1, 2) }, 'mask[1] is 2'],
    [{ tokens, mask: [1, 1] }, 'its mask is a list of 2'],
    [{ tokens, textEnds: [2, 1] }, 'textEnds[1] is 1'],
    [{ tokens, logprobs: { values: [-1, NaN], provenance } }, 'logprobs[1] is NaN'],
    [{ tokens, logprobs: { values: [-1, -Infinity], provenance } }, 'logprobs[1] is -Infinity'],
    [{ tokens, logprobs: { values: [-1, '-1'], provenance } }, 'logprobs[1] is "-1"'],
    [{ tokens, logprobs: { values: [-1], provenance } }, '1 logprobs where there should be 2'],
    [
      { tokens, mask: Uint8Array.of(0, 1), logprobs: { values: [-1, -1], provenance } },
      '2 logprobs where there should be 1',
    ],
    [{ tokens, logprobs: { values: [-1, -1] } }, 'its logprobs are not { values, provenance }'],
    [{ tokens, logprobs: { values: [-1, -1], provenance: {} } }, 'logprobs.provenance.engine is undefined'],
    ...[undefined, null, 4].map(
      (values) => [{ tokens, logprobs: { values, top: [[-1]], provenance } }, 'its logprobs are'] as const,
    ),
    [{ tokens, logprobs: { values: [-1, -1], top: 'ab', provenance } }, 'its logprobs.top is "ab"'],
    [{ tokens, logprobs: { values: [-1, -1], top: [[-1]], provenance } }, '1 lists in logprobs.top where there should'],
    [{ tokens, logprobs: { values: [-1, -1], top: [[-1], [-2, -1]], provenance } }, 'logprobs.top[1][1] is -1, not a'],
    [{ tokens, logprobs: { values: [-1, -1], top: [[0.1], [-1]], provenance } }, 'logprobs.top[0][0] is 0.1'],
    [{ tokens, logprobs: { values: [-1, -1], top: [[-1, NaN], [-1]], provenance } }, 'logprobs.top[0][1] is NaN'],
    [{ tokens, logprobs: { values: [-1, -1], top: [null, [-1]], provenance } }, 'its logprobs.top[0] are null'],
    [{ steps: [{ end: -1, reward: 0 }] }, 'a step that is not'],
  ]
  const streams: readonly [string, Sampler['sample'], string, string][] = [
    ['nothing at all', (() => undefined) as never, 'gave undefined, not a stream', 'invalid-data'],
    ['a promise', (async () => []) as never, 'gave a promise, not a stream', 'invalid-data'],
    ['a list', (() => []) as never, 'gave a list of 0, not a stream', 'invalid-data'],
    ['no sample', async function* () {}, 'ended without sample 0 of a: 2 of 2 are missing', 'invalid-data'], // prettier-ignore
    ['null', async function* () { yield null as never }, 'gave a sample, which is wrong: it is null', 'invalid-data'], // prettier-ignore
    ['a number', async function* () { yield 4 as never }, 'gave a sample, which is wrong: it is 4', 'invalid-data'], // prettier-ignore
    ['half', async function* (requests) { for await (const sample of scriptedSampler(script).sample(requests)) if (sample.index === 0) yield sample }, 'without sample 1 of a: 1 of 2', 'invalid-data'], // prettier-ignore
    ['each twice', async function* (requests) { for await (const sample of scriptedSampler(script).sample(requests)) { yield sample; yield sample } }, 'which was not asked for', 'invalid-data'], // prettier-ignore
    ...throwing.flatMap(([name, call, reason]): [string, Sampler['sample'], string, string][] => [
      [`throws ${name} at once`, call, `the sampler failed: ${reason}`, 'sampler-failed'],
      [`throws ${name} midway`, async function* (requests) { yield* scriptedSampler(script).sample(requests.slice(0, 1)); call() }, `the sampler failed: ${reason}`, 'sampler-failed'], // prettier-ignore
    ]),
  ]
  const cases = [
    ...wrongFields.map(
      ([change, message], i) => [`field ${i}: ${message}`, changed(change), message, 'invalid-data'] as const,
    ),
    ...streams,
  ]

  it.each(cases)('%s', async (_, sample, message, code) => {
    const sampler: Sampler = { sample }
    const told: Sample[] = []
    const onSample = (one: Sample): void => void told.push(one)
    const requests = tasks.map((of) => ({ task: of, count: 2, seed: 0 }))
    for (const act of [
      () => collect(sampler, requests),
      () => evaluate(options({ sampler })),
      () => evaluate(options({ sampler, onSample })),
      () => majorityVote({ k: 2 }).run(sampler, task('a')),
      () => bestOf({ n: 2, by: exactMatch }).run(sampler, task('a')),
      () =>
        evaluate(
          options({ sampler, procedure: { ...singleSample(), objective: undefined, run: majorityVote({ k: 2 }).run } }),
        ),
    ]) {
      const error = await refusal(act)
      expect(error.code).toBe(code)
      if (act.toString().includes('run')) expect(error.message).toContain('the sampler')
      else expect(error.message).toContain(message)
    }
    // Nobody was told of a sample that is none.
    expect(told.every((one) => typeof one === 'object' && one !== null && typeof one.text === 'string')).toBe(true)
  })

  it('is asked one by one where the first attempt may be enough', async () => {
    const sampler: Sampler = { sample: changed({ seed: 1 }) }
    const by: RewardFunction = { name: 'never', score: async (_, all) => all.map((): Outcome => ({ kind: 'scored', reward: 0 })) } // prettier-ignore
    expect((await refusal(() => firstPassing({ k: 2, by }).run(sampler, task('a')))).message).toContain('with seed 1')
  })
})

describe('a procedure', () => {
  const usage = { promptTokens: 1, completionTokens: 1 }
  const decision = {
    taskId: 'a',
    answer: 'A',
    sample: sampleOf('a', 0, 'A'),
    reason: '',
    usage,
    stopped: 'complete',
    judging: usage,
    samples: [],
  }
  const wrong: readonly (readonly [string, () => unknown, string])[] = [
    ['null', () => null, 'gave no decision on task a: it is null'],
    ['a text', () => 'A', 'it is "A"'],
    ['an answer that is a number', () => ({ ...decision, answer: 4 }), 'its answer is 4'],
    ['a sample that is a text', () => ({ ...decision, sample: 'A' }), 'its sample is wrong, it is "A"'],
    ['a sample of NaN', () => ({ ...decision, sample: { ...decision.sample, index: NaN } }), 'its index is NaN'],
    ['no reason', () => ({ ...decision, reason: undefined }), 'its reason is undefined'],
    ['no usage', () => ({ ...decision, usage: undefined }), 'it has no usage'],
    ['another cause', () => ({ ...decision, stopped: 'bored' }), 'its cause of stopping is'],
    ['no judging', () => ({ ...decision, judging: undefined }), 'it has no usage of judging'],
    ['a usage of NaN', () => ({ ...decision, judging: { ...usage, cost: NaN } }), 'usage.cost is NaN'],
    ...throwing.map(([name, call, reason]) => [`throws ${name}`, call, `failed on task a: ${reason}`] as const),
  ]
  it.each(wrong)('%s', async (_, gives, message) => {
    const procedure: Procedure = { name: 'odd', run: (() => gives()) as never }
    const request = { task: task('a'), count: 1, seed: 0 }
    for (const act of [
      () => evaluate(options({ procedure, tasksInFlight: 1 })),
      () => collect(procedureSampler(procedure, scriptedSampler(script)), [request]),
    ]) {
      const { code, message: said } = await refusal(act)
      expect([code, said]).toEqual(['invalid-data', expect.stringContaining(message)])
      expect(said).toContain('the procedure odd')
    }
  })
})

describe('an environment', () => {
  const close = async (): Promise<void> => {}
  const stepping = (given: unknown): unknown => ({ step: async () => given, close })
  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['no episode', undefined, 'the environment odd on task a began undefined, not an episode'],
    ['an episode without a step', { close }, 'began an object, not an episode'],
    ['an episode without a close', { step: close }, 'began an object, not an episode'],
    ['a prompt that is none', { step: close, close, prompt: 4 }, 'began an object, not an episode'],
    ['null', stepping(null), 'the environment odd on task a gave null'],
    ['a text', stepping('ok'), 'gave "ok"'],
    ['no done', stepping({ observation: 'ok' }), 'an observation whose done is undefined'],
    ['a done that is a text', stepping({ observation: 'ok', done: 'yes' }), 'an observation whose done is "yes"'],
    ['no observation', stepping({ done: false }), 'gave the observation undefined'],
    [
      'a message of no role',
      stepping({ done: false, observation: { role: 'robot', content: '' } }),
      'gave the observation an object',
    ],
    ...[NaN, Infinity, '1', 1n, null].map(
      (reward) =>
        [`the reward ${String(reward)}`, stepping({ observation: '', done: true, reward }), 'gave the reward'] as const,
    ),
  ]
  it.each(wrong)('%s', async (_, episode, message) => {
    const odd: Environment = { name: 'odd', start: async () => episode as never }
    const sampler = environmentSampler(scriptedSampler(script), odd, { maxTurns: 2 })
    const { code, message: said } = await refusal(() => collect(sampler, [{ task: task('a'), count: 1, seed: 0 }]))
    expect([code, said]).toEqual(['invalid-data', expect.stringContaining(message)])
  })

  it.each(throwing)('that throws %s makes a failed sample', async (_, call, reason) => {
    for (const odd of [
      { name: 'odd', start: call },
      { name: 'odd', start: async () => ({ step: call, close }) },
    ]) {
      const sampler = environmentSampler(scriptedSampler(script), odd, { maxTurns: 2 })
      const [samples] = await collect(sampler, [{ task: task('a'), count: 1, seed: 0 }])
      expect(samples![0]).toMatchObject({ finish: 'failed', failure: `odd: ${reason}` })
    }
  })
})

describe('an objective', () => {
  it.each<[string, () => unknown, string]>([
    ...[NaN, Infinity, '1', 1n, null, undefined].map(
      (value) => [String(value), () => value, 'the objective odd estimated'] as [string, () => unknown, string],
    ),
    ['a promise', async () => 1, 'the objective odd estimated a promise on task a'],
    ...throwing.map(([name, call, reason]): [string, () => unknown, string] => [
      `throws ${name}`,
      call,
      `the objective odd failed on task a: ${reason}`,
    ]),
  ])('%s', async (_, estimate, message) => {
    const odd: Objective = { ...meanObjective(), name: 'odd', estimate: estimate as () => number }
    const { code, message: said } = await refusal(() => evaluate(options({ objectives: [odd], tasksInFlight: 1 })))
    expect([code, said]).toEqual(['invalid-data', expect.stringContaining(message)])
    expect(said).toContain('task a')
  })
})

describe('answerOf', () => {
  it.each<[string, () => unknown, string]>([
    ...[4, null, NaN, 1n, {}].map(
      (value) =>
        [described(value), () => value, 'answerOf of sample 0 of task a is'] as [string, () => unknown, string],
    ),
    ...throwing.map(([name, call, reason]): [string, () => unknown, string] => [
      `throws ${name}`,
      call,
      `answerOf failed on sample 0 of task a: ${reason}`,
    ]),
  ])('%s', async (_, answerOf, message) => {
    const procedure = majorityVote({ k: 2, answerOf: answerOf as () => string })
    for (const act of [
      () => evaluate(options({ procedure, tasksInFlight: 1 })),
      () => procedure.run(scriptedSampler(script), task('a')),
    ]) {
      const { code, message: said } = await refusal(act)
      expect([code, said]).toEqual(['invalid-data', expect.stringContaining(message)])
    }
  })
})

describe('onSample and onGroup', () => {
  const act = { onSample: 'onSample failed on sample', onGroup: 'onGroup failed on task' } as const
  it.each(Object.entries(act))('%s: what it throws, at once or later, is named', async (name, message) => {
    for (const [, call, reason] of throwing) {
      for (const given of [call, async () => call()]) {
        const { code, message: said } = await refusal(() => evaluate(options({ [name]: given })))
        expect([code, said]).toEqual(['invalid-data', expect.stringContaining(message)])
        expect(said).toContain(reason)
      }
    }
  })
})
