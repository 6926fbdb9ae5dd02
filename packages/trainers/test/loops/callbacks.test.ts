import type { ForwardPass, Loss, RewardFunction, Sample, Sampler, Task, TokenScores } from '@posttrain/core'
import { PosttrainError } from '@posttrain/core'
import { meanObjective, passAtKObjective } from '@posttrain/estimators'
import { fixedKl, inReward } from '@posttrain/kl'
import { policyGradientLoss, sequenceSum, supervisedLoss } from '@posttrain/losses'
import { averageCheckpoints, TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import {
  grpo,
  iterate,
  policyGradient,
  rloo,
  selfImprovement,
  trainJBond,
  trainOffline,
  trainOnline,
  type Algorithm,
  type TrainingEvent,
  type TrainOnlineOptions,
} from '@posttrain/trainers'

const words = ['x', 'y']
const tasks: Task[] = ['a', 'b'].map((id) => ({ id, prompt: id }))
const make = (): TabularPolicy => new TabularPolicy({ prompts: ['a', 'b'], words })
const good: RewardFunction = {
  name: 'r',
  score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === 'x' ? 1 : 0 })),
}
const optimizer = { learningRate: 0.1 }
const mean = policyGradient(meanObjective())
type Changes = Partial<Omit<TrainOnlineOptions, 'algorithm' | 'objective' | 'procedure'>> & {
  readonly algorithm?: unknown
}
const online = (changes: Changes = {}): TrainOnlineOptions =>
  ({
    policy: make(),
    tasks,
    reward: good,
    algorithm: mean,
    steps: 2,
    samplesPerPrompt: 4,
    optimizer,
    ...changes,
  }) as TrainOnlineOptions
const offline = (changes: Record<string, unknown> = {}): AsyncIterable<unknown> =>
  trainOffline({
    model: make(),
    loss: supervisedLoss(),
    batch: () => [{ prompt: 'a', tokens: [0] }],
    steps: 1,
    optimizer,
    ...changes,
  })
const rounds = (changes: Record<string, unknown> = {}): AsyncIterable<unknown> => {
  const { policy = make() } = changes as { policy?: TabularPolicy }
  return iterate({
    policy,
    tasks,
    reward: good,
    algorithm: selfImprovement['rest-em'],
    rounds: 1,
    samplesPerTask: 4,
    train: ({ items }) =>
      trainOffline({ model: policy, loss: supervisedLoss(), batch: () => items, steps: 1, optimizer }),
    ...changes,
  })
}
const jBond = (changes: Record<string, unknown> = {}): AsyncIterable<unknown> =>
  trainJBond({
    policy: make(),
    anchor: make(),
    average: averageCheckpoints,
    tasks,
    reward: good,
    steps: 1,
    optimizer,
    ...changes,
  })

interface Ended {
  readonly code: string
  readonly message: string
  readonly events: readonly { readonly kind?: string; readonly samples?: readonly Sample[] }[]
}
/** How a run ends: by a typed error, or by the event `stopped` with a state that loads. */
async function ended(run: AsyncIterable<unknown>): Promise<Ended> {
  const events: { kind?: string; reason?: PosttrainError; checkpoint?: Uint8Array; samples?: Sample[] }[] = []
  try {
    for await (const event of run) events.push(event as (typeof events)[number])
  } catch (error) {
    if (error instanceof PosttrainError) return { code: error.code, message: error.message, events }
    throw error
  }
  const { kind, reason, checkpoint } = events.at(-1) ?? {}
  if (kind !== 'stopped') throw new Error(`nothing was refused: ${JSON.stringify(events.map((event) => event.kind))}`)
  await make().load(checkpoint!)
  return { code: reason!.code, message: reason!.message, events }
}
const thrower = (value: unknown) => (): never => {
  throw value
}
const throwing = [['an Error', thrower(new Error('boom')), 'boom'], ['a text', thrower('boom'), 'boom'], ['nothing', thrower(undefined), 'undefined']] as const // prettier-ignore

describe('what a reward gives is refused by every trainer, with reward and task named', () => {
  const wrong: readonly (readonly [string, (samples: readonly Sample[]) => unknown])[] = [
    ['too few', (samples) => samples.slice(1).map(() => ({ kind: 'scored', reward: 1 }))],
    ['too many', (samples) => [...samples, 0].map(() => ({ kind: 'scored', reward: 1 }))],
    ['undefined', () => undefined],
    ['null', () => null],
    ['holes', (samples) => new Array(samples.length)],
    ['numbers', (samples) => samples.map(() => 1)],
    ...[NaN, Infinity, '1', 1n, undefined].map((reward) => [`the reward ${String(reward)}`, (samples: readonly Sample[]) => samples.map(() => ({ kind: 'scored', reward }))] as const), // prettier-ignore
    ...throwing.map(([name, call]) => [`throws ${name}`, call] as const),
  ]
  it.each(wrong)('%s', async (_, gives) => {
    const reward = { name: 'odd', score: (_task: Task, samples: readonly Sample[]) => gives(samples) } as RewardFunction
    const penalised = {
      ...mean,
      transformReward: (inner: RewardFunction) => ({ ...inner, name: `shaped ${inner.name}` }),
    }
    for (const run of [
      trainOnline(online({ reward })),
      trainOnline(online({ reward, algorithm: penalised })),
      rounds({ reward }),
      jBond({ reward }),
    ]) {
      const { code, message } = await ended(run)
      expect(code).toBe('invalid-data')
      expect(message).toMatch(/the reward (shaped )?odd .*task (a|b)/)
    }
  })

  it('and what was drawn by then is handed over', async () => {
    const reward = { name: 'odd', score: thrower(new Error('boom')) }
    const { events } = await ended(trainOnline(online({ reward })))
    expect(events.map(({ kind }) => kind)).toEqual(['interrupted'])
    expect(events[0]!.samples!.length).toBeGreaterThanOrEqual(4) // of the group that was judged, and more
  })
})

describe('what a sampler gives is refused by every trainer', () => {
  const changes: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ...[-1, 1.5, NaN, '0'].map((index) => [`index ${index}`, { index }, 'its index is'] as const),
    ['a foreign index', { index: 1e6 }, 'which was not asked for'],
    ['doubled', { index: 0 }, 'which was not asked for'],
    ['a foreign task', { taskId: 'nope' }, 'under task nope'],
    ['another seed', { seed: 5 }, 'with seed 5'],
    ['a token of NaN', { tokens: [NaN] }, 'tokens[0] is NaN'],
    ['log-probs of NaN', { logprobs: { values: [NaN], provenance: make().provenance } }, 'logprobs[0] is NaN'],
    [
      'too few log-probs',
      { logprobs: { values: [], provenance: make().provenance } },
      '0 logprobs where there should be 1',
    ],
    ['no tokens', { tokens: undefined, textEnds: undefined }, 'has no tokens to learn from'],
    ['tokens outside the vocabulary', { tokens: [99] }, 'must be an integer from 0 to 1, but is 99'],
  ]
  const changed = (change: Record<string, unknown>): TabularPolicy => {
    const policy = make()
    const sample = policy.sample.bind(policy)
    policy.sample = async function* (...args: Parameters<Sampler['sample']>) {
      for await (const one of sample(...args)) yield one.index === 1 ? { ...one, ...change } : one
    }
    return policy
  }
  it.each(changes)('%s', async (_, change, message) => {
    for (const run of [
      trainOnline(online({ policy: changed(change), algorithm: grpo() })),
      rounds({ policy: changed(change), algorithm: { ...selfImprovement['rest-em'], keep: { name: 'all', keep: ({ samples }: { samples: unknown[] }) => samples.map((_sample, i) => i), bias: () => ({ kind: 'exact' }) } } }), // prettier-ignore
    ]) {
      const { code, message: said } = await ended(run)
      expect(['invalid-data', 'invalid-argument', 'unsupported']).toContain(code)
      expect(said).toContain(message)
    }
  })

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'samplerAt(0) is undefined, not a sampler'],
    ['a number', 4, 'samplerAt(0) is 4, not a sampler'],
    ['an object', {}, 'samplerAt(0) is an object, not a sampler'],
  ])('samplerAt gives %s', async (_, sampler, message) => {
    const samplerAt = (() => sampler) as () => Sampler
    expect(await ended(trainOnline(online({ samplerAt })))).toMatchObject({ code: 'invalid-data', message })
  })
})

describe('what a policy gives is checked', () => {
  type Change = (policy: TabularPolicy) => void
  const scoresAs =
    (change: (scores: readonly TokenScores[]) => unknown): Change =>
    (policy) => {
      const forward = policy.forward.bind(policy)
      policy.forward = async (...args) => {
        const pass = await forward(...args)
        return {
          backward: (c, o) => pass.backward(c, o),
          dispose: () => pass.dispose(),
          scores: change(pass.scores) as readonly TokenScores[],
        }
      }
    }
  const forwardIs =
    (given: unknown): Change =>
    (policy) =>
      (policy.forward = async () => given as ForwardPass)
  const stepIs =
    (step: () => unknown): Change =>
    (policy) =>
      (policy.step = step as TabularPolicy['step'])
  const cases: readonly (readonly [string, Change, string, string])[] = [
    [
      'scores of NaN',
      scoresAs((all) => all.map(() => ({ logprob: Float64Array.of(NaN) }))),
      'exploded',
      'the logprob NaN at token 0',
    ],
    [
      'scores of −∞',
      scoresAs((all) => all.map(() => ({ logprob: Float64Array.of(-Infinity) }))),
      'exploded',
      'the logprob -Infinity',
    ],
    ['no scores', scoresAs(() => []), 'invalid-data', 'gave scores of 0 sequences for'],
    ['undefined', scoresAs(() => undefined), 'invalid-data', 'gave undefined for'],
    [
      'short scores',
      scoresAs((all) => all.map(() => ({ logprob: new Float64Array(0) }))),
      'invalid-data',
      '0 values of logprob, which has 1 chosen tokens',
    ],
    ['plain lists', scoresAs((all) => all.map(() => ({ logprob: [-1] }))), 'invalid-data', 'a list of 1 of logprob'],
    [
      'another score',
      scoresAs((all) => all.map(() => ({ entropy: Float64Array.of(1) }))),
      'invalid-data',
      'undefined of logprob',
    ],
    ['nulls', scoresAs((all) => all.map(() => null)), 'invalid-data', 'undefined of logprob'],
    ['no pass', forwardIs(undefined), 'invalid-data', 'gave undefined as a forward pass'],
    [
      'a pass without backward',
      forwardIs({ scores: [], dispose: () => {} }),
      'invalid-data',
      'gave an object as a forward pass',
    ],
    ['no report', stepIs(async () => undefined), 'invalid-data', 'gave undefined as the report of a step'],
    ['a norm of NaN', stepIs(async () => ({ gradientNorm: NaN })), 'invalid-data', 'a gradient of norm NaN'],
    ['a norm that is a text', stepIs(async () => ({ gradientNorm: '1' })), 'invalid-data', 'a gradient of norm "1"'],
    ...throwing.flatMap(([name, call, reason]) => [
      [
        `forward throws ${name}`,
        (policy: TabularPolicy) => (policy.forward = call),
        'invalid-data',
        `failed in its forward pass: ${reason}`,
      ] as const,
      [`step throws ${name}`, stepIs(async () => call()), 'invalid-data', `failed to take a step: ${reason}`] as const,
    ]),
  ]
  it.each(cases)('%s', async (_, change, code, message) => {
    const changed = (): TabularPolicy => {
      const policy = make()
      change(policy)
      return policy
    }
    for (const [run, who] of [
      [trainOnline(online({ policy: changed() })), 'the policy'],
      [offline({ model: changed() }), 'the model'],
      [rounds({ policy: changed() }), 'the model'],
    ] as const) {
      const { code: found, message: said } = await ended(run)
      expect([found, said]).toEqual([code, expect.stringContaining(message)])
      expect(said).toContain(who)
    }
  })

  it.each(throwing)('a score that throws %s, of the policy, the reference and the anchor', async (_, call, reason) => {
    const broken = (): TabularPolicy => Object.assign(make(), { score: call })
    const stranger: Sampler['provenance'] = { ...make().provenance, step: 9 }
    const drawn = Object.assign(make(), {})
    const samplerAt = (): Sampler => ({ provenance: stranger, sample: (...args) => drawn.sample(...args) })
    const reference = Object.assign(await make().snapshot(), { score: call })
    for (const [run, who] of [
      [
        trainOnline(
          online({
            policy: Object.assign(broken(), { load: async () => {} }),
            samplerAt,
            algorithm: rloo({ klCoefficient: 0.1 }),
            reference: await make().snapshot(),
          }),
        ),
        'the policy',
      ],
      [trainOnline(online({ algorithm: rloo({ klCoefficient: 0.1 }), reference })), 'the reference'],
      [jBond({ anchor: broken() }), 'the anchor'],
      [jBond({ policy: broken() }), 'the policy'],
    ] as const) {
      const { code, message } = await ended(run).catch((error: unknown) => ({ code: '', message: String(error) }))
      if (who === 'the policy' && code === '') continue // recorded log-probs are the policy's own: it was not asked
      expect([code, message]).toEqual(['invalid-data', `${who} failed to score: ${reason}`])
    }
  })
})

describe('what a loss gives is checked', () => {
  const base = policyGradientLoss()
  const lossOf = (change: (value: ReturnType<Loss['evaluate']>) => unknown): Loss => ({
    ...base,
    name: 'odd',
    evaluate: (scores, constants) => change(base.evaluate(scores, constants)) as ReturnType<Loss['evaluate']>,
  })
  const cases: readonly (readonly [string, Loss, string, string])[] = [
    ['NaN', lossOf((v) => ({ ...v, value: NaN })), 'exploded', 'the loss odd of step 0 is NaN'],
    ['a text', lossOf((v) => ({ ...v, value: '1' })), 'invalid-data', 'gave "1" as its value'],
    ['undefined', lossOf(() => undefined), 'invalid-data', 'gave undefined as its value'],
    ['no cotangents', lossOf((v) => ({ ...v, cotangents: [] })), 'invalid-data', 'a list of 0 as cotangents of'],
    [
      'cotangents that are null',
      lossOf((v) => ({ ...v, cotangents: v.cotangents.map(() => null) })),
      'invalid-data',
      'gave sequence 0 null as its cotangents',
    ],
    [
      'cotangents that are too long',
      lossOf((v) => ({ ...v, cotangents: v.cotangents.map(() => ({ logprob: new Float64Array(2) })) })),
      'invalid-data',
      '2 cotangents of logprob, of which there are 1 scores',
    ],
    [
      'cotangents of another score',
      lossOf((v) => ({ ...v, cotangents: v.cotangents.map(() => ({ value: new Float64Array(1) })) })),
      'invalid-data',
      '1 cotangents of value, of which there are 0 scores',
    ],
    [
      'cotangents of NaN',
      lossOf((v) => ({ ...v, cotangents: v.cotangents.map(() => ({ logprob: Float64Array.of(NaN) })) })),
      'exploded',
      'the gradient norm is NaN',
    ],
    ['no metrics', lossOf((v) => ({ ...v, metrics: undefined })), 'invalid-data', 'gave undefined as metrics'],
    ['metrics of texts', lossOf((v) => ({ ...v, metrics: { m: '1' } })), 'invalid-data', 'gave "1" as the metric m'],
    ...throwing.map(
      ([name, call, reason]) =>
        [`throws ${name}`, lossOf(call), 'invalid-data', `the loss odd failed at step 0: ${reason}`] as const,
    ),
  ]
  it.each(cases)('%s', async (_, loss, code, message) => {
    const { onPolicy: _on, ...reusable } = loss
    for (const run of [
      trainOnline(online({ algorithm: { ...mean, loss } })),
      offline({ loss: { ...reusable, vanishesAtZeroAdvantage: undefined } }),
    ]) {
      const { code: found, message: said } = await ended(run)
      expect([found, said]).toEqual([code, expect.stringContaining(message)])
    }
  })
})

it('names the task whose rewards an objective of ours refuses', async () => {
  const twos: RewardFunction = {
    name: 'twos',
    score: async ({ id }, samples) => samples.map(() => ({ kind: 'scored', reward: id === 'b' ? 2 : 0 })),
  }
  const run = trainOnline(
    online({ reward: twos, algorithm: policyGradient(passAtKObjective({ k: 2 })), promptsPerStep: 2 }),
  )
  expect(await ended(run)).toMatchObject({
    code: 'invalid-argument',
    message: 'pass@2 needs rewards of 0 or 1, but rewards[0] is 2 (on task b)',
  })
})

describe('what the cells of an algorithm give is checked', () => {
  const advantages = (give: (n: number) => unknown): Algorithm => ({
    ...mean,
    advantages: {
      ...mean.advantages,
      name: 'odd',
      advantages: ((groups: readonly { readonly samples: readonly unknown[] }[]) =>
        groups.map(({ samples }) => ({ advantages: give(samples.length) }))) as Algorithm['advantages']['advantages'],
    },
  })
  const list = (value: unknown) => (n: number) => Array.from({ length: n }, () => value)
  const objective = (change: Partial<Algorithm['objective']>): Algorithm =>
    policyGradient({ ...meanObjective(), name: 'odd', ...change })
  const kl = { placement: inReward({ value: 'k1' }), coefficient: fixedKl(0.1) }
  const cases: readonly (readonly [string, unknown, string])[] = [
    ...[NaN, Infinity, '1', 1n, null, undefined, new Float64Array(2), Float64Array.of(NaN)].map(
      (value, i) =>
        [`advantages ${i}`, advantages(list(value)), 'the advantages of odd give sample 0 of task'] as const,
    ),
    ['too few advantages', advantages((n) => list(1)(n - 1)), 'the advantages of odd are 3 for 4 samples of task'],
    ['no advantages', advantages(() => undefined), 'the advantages of odd are undefined for 4 samples of task'],
    ['holes', advantages((n) => new Array(n)), 'the advantages of odd give sample 0 of task'],
    [
      'no entries',
      { ...mean, advantages: { ...mean.advantages, name: 'odd', advantages: () => [] } },
      'the advantages of odd are a list of 0 for 2 groups',
    ],
    ...[['1', '1', '1', '1'], [1n, 1n, 1n, 1n], 4, undefined, null].map(
      (value, i) =>
        [
          `an objective's advantages ${i}`,
          objective({ advantages: () => value as never }),
          'the advantages of odd',
        ] as const,
    ),
    ['an estimate of NaN', objective({ estimate: () => NaN }), 'the objective odd estimated NaN on task'],
    [
      'an estimate that is a text',
      objective({ estimate: (() => '1') as never }),
      'the objective odd estimated "1" on task',
    ],
    ...throwing.flatMap(([name, call, reason]) => [
      [`estimate throws ${name}`, objective({ estimate: call }), `: ${reason}`] as const,
      [`advantages throw ${name}`, objective({ advantages: call }), `the advantages of odd failed on task`] as const,
      [`a schedule throws ${name}`, call, `algorithm failed at step 0: ${reason}`] as const,
      [
        `transformReward throws ${name}`,
        { ...mean, transformReward: call },
        `transformReward failed at step 0: ${reason}`,
      ] as const,
    ]),
    ['a schedule gives nothing', () => undefined, 'the algorithm of step 0 is undefined, not an algorithm'],
    [
      'transformReward gives nothing',
      { ...mean, transformReward: () => undefined },
      'reward is undefined, not a reward function',
    ],
    [
      'weights of NaN',
      {
        ...mean,
        aggregation: {
          ...sequenceSum(),
          name: 'odd',
          weights: (lengths: number[][]) => lengths.map((group) => group.map(() => NaN)),
        },
      },
      'the aggregation odd does not give one finite weight',
    ],
    [
      'no weights',
      { ...mean, aggregation: { ...sequenceSum(), name: 'odd', weights: () => undefined } },
      'the aggregation odd does not give one finite weight',
    ],
    [
      'a controller that gives nothing',
      { ...mean, kl: { ...kl, coefficient: { ...fixedKl(0.1), name: 'odd', next: () => undefined } } },
      'the control of odd is undefined',
    ],
    [
      'a controller of NaN',
      {
        ...mean,
        kl: {
          ...kl,
          coefficient: { ...fixedKl(0.1), name: 'odd', next: () => ({ step: 1, coefficient: NaN, stop: false }) },
        },
      },
      'the control of odd.coefficient must be a finite number',
    ],
    [
      'a controller that begins at NaN',
      {
        ...mean,
        kl: {
          ...kl,
          coefficient: { ...fixedKl(0.1), name: 'odd', initial: { step: 0, coefficient: NaN, stop: false } },
        },
      },
      'the initial control of odd.coefficient',
    ],
    [
      'rewards of a placement',
      {
        ...mean,
        kl: { placement: { ...kl.placement, name: 'odd', contribution: () => ({ rewards: [1] }) }, coefficient: 0.1 },
      },
      'the KL placement odd gave sample 0 of task',
    ],
    [
      'a placement that throws',
      { ...mean, kl: { placement: { ...kl.placement, name: 'odd', contribution: thrower('boom') }, coefficient: 0.1 } },
      'the KL placement odd failed on task',
    ],
  ]
  it.each(cases)('%s', async (_, algorithm, message) => {
    const { code, message: said } = await ended(trainOnline(online({ algorithm, promptsPerStep: 2 })))
    expect(['invalid-data', 'invalid-argument']).toContain(code)
    expect(said).toContain(message)
  })
})

describe('a learning rate, a batch, a hint, a rule, an average, a round', () => {
  it.each([NaN, -1, Infinity, '1', 1n, null, undefined])('a learning rate of %s', async (rate) => {
    const wild = { learningRate: (() => rate) as () => number }
    for (const run of [
      trainOnline(online({ optimizer: wild })),
      offline({ optimizer: wild }),
      jBond({ optimizer: wild }),
    ]) {
      const { code, message } = await ended(run)
      expect([code, message]).toEqual(['invalid-data', expect.stringContaining('learningRate of step 0 is')])
    }
  })

  const item = { prompt: 'a', tokens: [0] }
  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'the batch is undefined'],
    ['a promise', Promise.resolve([]), 'the batch is a promise'],
    ['nothing', [], 'batch(0) has no completion tokens'],
    ['null', [null], 'item 0 of the batch is null'],
    ['a hole', new Array(1), 'item 0 of the batch is undefined'],
    ['no prompt', [{ tokens: [0] }], 'the prompt of item 0 of the batch is undefined'],
    ['an unknown prompt', [{ ...item, prompt: 'zz' }], 'not in the policy'],
    ['null tokens', [{ ...item, tokens: null }], 'the tokens of item 0 of the batch are null'],
    ...[NaN, -1, 1.5, '0', 1n, null].map((token): [string, unknown, string] => [
      `the token ${String(token)}`,
      [item, { ...item, tokens: [token] }],
      'token 0 of item 1 of the batch must be an integer',
    ]),
    ['the token 99', [{ ...item, tokens: [99] }], 'must be an integer from 0 to 1, but is 99'],
    [
      'a mask of another length',
      [{ ...item, mask: new Uint8Array(2) }],
      'the mask of item 0 of the batch must have 1 entries',
    ],
    ['a mask that is a list', [{ ...item, mask: [1] }], 'the mask of item 0 of the batch is a list of 1'],
    ['a weight of NaN', [{ ...item, weight: NaN }], 'weight of item 0 of the batch'],
    ['an advantage of NaN', [{ ...item, advantage: NaN }], 'the advantage of item 0 of the batch'],
    [
      'advantages too many',
      [{ ...item, advantage: [1, 2] }],
      'the advantage of item 0 of the batch must have 1 entries',
    ],
    [
      'log-probs of NaN',
      [{ ...item, logprobs: { values: [NaN], provenance: make().provenance } }],
      'the logprobs of item 0 of the batch[0]',
    ],
    [
      'log-probs of nowhere',
      [{ ...item, logprobs: { values: [-1] } }],
      'the logprobs of item 0 of the batch are an object',
    ],
  ])('a batch of %s', async (_, batch, message) => {
    const before = make()
    const model = make()
    const { code, message: said } = await ended(offline({ model, batch: () => batch }))
    expect([['invalid-argument', 'invalid-data'].includes(code), said]).toEqual([
      true,
      expect.stringContaining(message),
    ])
    expect(await model.save({ optimizer: true })).toEqual(await before.save({ optimizer: true }))
  })

  const star = selfImprovement.star
  const rule = (keep: unknown): Record<string, unknown> => ({
    algorithm: { ...star, rationalise: false, keep: { ...star.keep, name: 'odd', keep } },
  })
  it.each<[string, Record<string, unknown>, string]>([
    ...[undefined, 4, [9], [-1], [1.5], [NaN], ['0'], [0, 0], [1, 0], new Array(1)].map(
      (kept): [string, Record<string, unknown>, string] => [
        `keeps ${JSON.stringify(kept)}`,
        rule(() => kept),
        "the rule 'odd' kept",
      ],
    ),
    ['keeps and throws', rule(thrower('boom')), "the rule 'odd' failed on task"],
    [
      'hints nothing',
      { algorithm: { ...star, keep: { ...star.keep, keep: () => [] } }, hint: () => undefined },
      'hint of task a is undefined',
    ],
    [
      'hints and throws',
      { algorithm: { ...star, keep: { ...star.keep, keep: () => [] } }, hint: thrower('boom') },
      'hint failed on task a: boom',
    ],
    ['trains nothing', { train: () => undefined }, 'train gave undefined in round 0'],
    ['trains to a number', { train: async function* () { yield 4 } }, 'train gave 4 in round 0'], // prettier-ignore
    ['trains and throws', { train: async function* () { yield* []; throw new Error('boom') } }, 'train failed in round 0: boom'], // prettier-ignore
  ])('a round that %s', async (_, changes, message) => {
    const { code, message: said, events } = await ended(rounds(changes))
    expect([code, said]).toEqual(['invalid-data', expect.stringContaining(message)])
    expect(events.at(-1)!.kind).toBe('interrupted')
  })

  it.each<[string, () => unknown, string]>([
    ['undefined', () => undefined, 'average gave undefined at step 0'],
    ['a promise', async () => new Uint8Array(), 'average gave a promise at step 0'],
    ['an error', thrower('boom'), 'average failed at step 0: boom'],
  ])('an average that gives %s', async (_, average, message) => {
    const { code, message: said } = await ended(jBond({ average }))
    expect([code, said]).toEqual(['invalid-data', expect.stringContaining(message)])
  })
})

describe('an abort reaches what hangs', () => {
  const never = (): Promise<never> => new Promise(() => {})
  const hanging = { name: 'hanging', score: never }
  const cases: Readonly<Record<string, (signal: AbortSignal) => AsyncIterable<unknown>>> = {
    'a reward': (signal) => trainOnline(online({ signal, reward: hanging })),
    'a reward of a round': (signal) => rounds({ signal, reward: hanging }),
    'a reward of J-BOND': (signal) => jBond({ signal, reward: hanging }),
    samplerAt: (signal) => trainOnline(online({ signal, samplerAt: never })),
    'the sampler': (signal) => trainOnline(online({ signal, samplerAt: () => ({ provenance: make().provenance, sample: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }) }) })), // prettier-ignore
    'a forward pass': (signal) => trainOnline(online({ signal, policy: Object.assign(make(), { forward: never }) })),
    'a forward pass, offline': (signal) => offline({ signal, model: Object.assign(make(), { forward: never }) }),
    'a score of the anchor': (signal) => jBond({ signal, anchor: Object.assign(make(), { score: never }) }),
    onSample: (signal) => trainOnline(online({ signal, onSample: never })),
    onGroup: (signal) => trainOnline(online({ signal, onGroup: never })),
  }
  it.each(Object.entries(cases))('%s', async (name, run) => {
    const controller = new AbortController()
    const ending = ended(run(controller.signal))
    await new Promise((resolve) => setTimeout(resolve, 20))
    controller.abort()
    const { code, events } = await ending
    expect(code).toBe('aborted')
    const isOnline = /reward$|round|forward pass$|onSample|onGroup/.test(name)
    if (isOnline)
      expect(events.at(-1)).toMatchObject({
        kind: 'interrupted',
        samples: expect.arrayContaining([expect.anything()]) as unknown,
      })
  })
})

describe('judged groups', () => {
  it('of an interrupted step are handed over, and neither drawn nor judged again', async () => {
    const judged: string[] = []
    const failing = (fails: boolean): RewardFunction => ({
      ...good,
      score: async (task, samples) => {
        if (fails && judged.length === 1) throw new Error('503')
        judged.push(task.id)
        return good.score(task, samples)
      },
    })
    const options = { concurrency: 1, seed: 3, steps: 1 }
    const events: TrainingEvent[] = []
    const stopped = (async () => {
      for await (const event of trainOnline(online({ ...options, reward: failing(true) }))) events.push(event)
    })()
    await expect(stopped).rejects.toThrow('503')
    const last = events.at(-1)!
    if (last.kind !== 'interrupted') throw new Error(last.kind)
    expect([last.samples.length, last.groups.length, judged.length]).toEqual([8, 1, 1])
    const [again, whole] = [make(), make()]
    const resumed = online({
      ...options,
      policy: again,
      reward: failing(false),
      known: last.samples,
      knownGroups: last.groups,
    })
    for await (const _ of trainOnline(resumed));
    expect(judged).toHaveLength(2)
    for await (const _ of trainOnline(online({ ...options, policy: whole })));
    expect(await again.save({ optimizer: true })).toEqual(await whole.save({ optimizer: true }))
  })
})
