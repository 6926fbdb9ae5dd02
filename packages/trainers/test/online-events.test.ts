import type { Outcome, RewardFunction, Sample } from '@posttrain/core'
import { meanObjective, passAtKObjective } from '@posttrain/estimators'
import { inReward } from '@posttrain/kl'
import { TabularPolicy } from '@posttrain/models'
import {
  dapo,
  grpo,
  insidePpo,
  policyGradient,
  policyGradientLoss,
  remax,
  stages,
  train,
  trainOnline,
  truncatedImportance,
  withOverlongPenalty,
  type TrainingEvent,
  type TrainOnlineOptions,
} from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'

const words = ['a', 'b', 'c', 'd']
const prompts = ['easy', 'hard', 'mixed']
const reward: RewardFunction = {
  name: 'table',
  score: async (task, samples) =>
    samples.map(({ text }): Outcome => {
      const right = task.id === 'easy' || (task.id === 'mixed' && text < 'c')
      return { kind: 'scored', reward: right ? 1 : 0, answer: text }
    }),
}
const options = (changes: Partial<TrainOnlineOptions> = {}): TrainOnlineOptions => ({
  policy: new TabularPolicy({ prompts, words }),
  tasks: prompts.map((prompt) => ({ id: prompt, prompt })),
  reward,
  objective: meanObjective(),
  steps: 2,
  samplesPerPrompt: 8,
  optimizer: { learningRate: 0.1 },
  seed: 1,
  ...changes,
})

async function events(given: TrainOnlineOptions): Promise<TrainingEvent[]> {
  const seen: TrainingEvent[] = []
  for await (const event of trainOnline(given)) seen.push(event)
  return seen
}

describe('constant groups', () => {
  it('carry no gradient, and are counted', async () => {
    const [step] = await train(options())
    expect(step!.constantGroups).toBe(2)
    expect(step!.groups.map(({ advantages }) => advantages.every((a) => a === 0))).toContain(false)
    expect(step!.informative).toBeCloseTo(8 / 24, 12)
  })

  it('are replaced where the algorithm says so, as far as it says', async () => {
    const { objective: _, ...rest } = options({ promptsPerStep: 1, steps: 12 })
    const algorithm = dapo({ maxTokens: 10 })
    const refilled = await train({ ...rest, algorithm })
    expect(refilled.every(({ groups }) => groups.length === 1)).toBe(true)
    const plain = await train({
      ...rest,
      policy: new TabularPolicy({ prompts, words }),
      algorithm: { ...algorithm, flow: {} },
    })
    const useful = (steps: typeof plain): number => steps.filter(({ informative }) => informative > 0).length
    expect(useful(plain)).toBe(4) // each prompt comes every third step
    expect(useful(refilled)).toBeGreaterThan(8)
    expect(refilled.some(({ constantGroups }) => constantGroups > 1)).toBe(true)
  })
})

describe('an update that would not be finite', () => {
  it('ends the run with the state before it', async () => {
    const policy = new TabularPolicy({ prompts, words })
    const algorithm = policyGradient(meanObjective())
    const { evaluate } = algorithm.loss
    let updates = 0
    const loss: typeof algorithm.loss = {
      ...algorithm.loss,
      evaluate: (...args) => (++updates === 3 ? { ...evaluate(...args), value: NaN } : evaluate(...args)),
    }
    const { objective: _, ...rest } = options({ policy, steps: 9 })
    const seen = await events({ ...rest, algorithm: { ...algorithm, loss } })
    expect(seen.map(({ kind }) => kind)).toEqual(['step', 'step', 'stopped'])
    const last = seen.at(-1)!
    if (last.kind !== 'stopped') throw new Error(last.kind)
    expect(last.reason.message).toBe('the loss policy-gradient of step 2 is NaN')

    const good = new TabularPolicy({ prompts, words })
    await train({ ...rest, policy: good, algorithm, steps: 2 })
    expect(last.checkpoint).toEqual(await good.save({ optimizer: true }))
  })

  it('or whose gradient explodes', async () => {
    const [only] = await events(options({ optimizer: { learningRate: 0.1, refuseAbove: 1e-3 } }))
    expect(only).toMatchObject({ kind: 'stopped', step: 0, reason: { code: 'exploded' } })
    await expect(train(options({ optimizer: { learningRate: 0.1, refuseAbove: 1e-3 } }))).rejects.toThrow(
      'so the step was not taken',
    )
  })
})

describe('an aborted run', () => {
  it('hands over what it drew, and goes on from there without drawing it again', async () => {
    const counting = (policy: TabularPolicy, onSample: (sample: Sample) => void): TabularPolicy => {
      const sample = policy.sample.bind(policy)
      policy.sample = async function* (requests, call) {
        for await (const drawn of sample(requests, call)) {
          onSample(drawn)
          yield drawn
        }
      }
      return policy
    }
    const whole = new TabularPolicy({ prompts, words })
    await train(options({ policy: whole }))

    const controller = new AbortController()
    let drawn = 0
    const policy = counting(new TabularPolicy({ prompts, words }), () => {
      if (++drawn === 24 + 10) controller.abort()
    })
    const seen: TrainingEvent[] = []
    const run = async (): Promise<void> => {
      for await (const event of trainOnline(options({ policy, signal: controller.signal }))) seen.push(event)
    }
    await expect(run()).rejects.toMatchObject({ code: 'aborted' })
    const last = seen.at(-1)!
    if (last.kind !== 'interrupted') throw new Error(last.kind)
    expect([seen.length, last.step]).toEqual([2, 1])
    expect(last.samples).toHaveLength(16) // two prompts' groups were complete when the third was refused

    const again: Sample[] = []
    const rest = counting(new TabularPolicy({ prompts, words }), (sample) => void again.push(sample))
    await rest.load(await policy.save({ optimizer: true }))
    await train(options({ policy: rest, startStep: 1, drawn: last.samples }))
    expect(again).toHaveLength(8)
    expect(await rest.logits()).toEqual(await whole.logits())
  })
})

describe('samples without a score', () => {
  /** Fails on the first samples of the easy prompt, and on its most likely completion. */
  const flaky: RewardFunction = {
    name: 'flaky',
    score: async (task, samples) =>
      (await reward.score(task, samples)).map((outcome, i): Outcome =>
        task.id === 'easy' && i < 7 ? { kind: 'unscored', reason: 'timeout' } : outcome,
      ),
  }

  it('leave a group out where too few are left, and are counted', async () => {
    const [step] = await train(options({ reward: flaky, unscored: 'exclude', steps: 1 }))
    expect(step).toMatchObject({ unscored: 7, shortGroups: 1 })
    expect(step!.groups.map(({ task }) => task.id).sort()).toEqual(['hard', 'mixed'])
  })

  it('or where the most likely completion has none', async () => {
    const { objective: _, ...rest } = options({ reward: flaky, unscored: 'exclude', steps: 1 })
    const [step] = await train({ ...rest, algorithm: remax() })
    // The one sample of the easy prompt with a score would do for this row.
    expect(step).toMatchObject({ unscored: 8, shortGroups: 1 })
    expect(step!.groups).toHaveLength(2)
  })

  it('end the run where no group is left, with what was drawn', async () => {
    const tasks = [{ id: 'easy', prompt: 'easy' }]
    const seen: TrainingEvent[] = []
    const run = async (): Promise<void> => {
      const given = options({ reward: flaky, unscored: 'exclude', tasks })
      for await (const event of trainOnline(given)) seen.push(event)
    }
    await expect(run()).rejects.toThrow('no prompt of step 0 has the 2 scored samples that mean needs')
    expect(seen).toMatchObject([{ kind: 'interrupted', step: 0 }])
    expect(seen[0]!.kind === 'interrupted' && seen[0]!.samples).toHaveLength(8)
  })
})

describe('a single sample per prompt', () => {
  it('is enough for rows that compare with nothing in the group', async () => {
    const { objective: _, ...rest } = options({ samplesPerPrompt: 1, steps: 3 })
    const steps = await train({ ...rest, algorithm: remax() })
    expect(steps.map(({ objective, reward: mean }) => objective - mean)).toEqual([0, 0, 0])
  })
})

describe('schedules, references, minibatches', () => {
  it('follows one algorithm after another', async () => {
    const algorithm = stages([
      { algorithm: policyGradient(passAtKObjective({ k: 4 })), until: 2 },
      { algorithm: policyGradient(meanObjective()) },
    ])
    const { objective: _, ...rest } = options({ steps: 4 })
    const steps = await train({ ...rest, algorithm })
    expect(steps.map((step) => step.algorithm)).toEqual(['pass@4', 'pass@4', 'mean', 'mean'])
    expect(() => stages([{ algorithm: grpo() }, { algorithm: grpo() }])).toThrow('every stage but the last needs until')
    expect(() => stages([])).toThrow('stages is empty')
  })

  it('measures the KL from where it began, and asks for that when it goes on', async () => {
    const algorithm = {
      ...policyGradient(meanObjective()),
      kl: { placement: inReward({ value: 'k1' }), coefficient: 0.1, credit: 'loss' as const },
    }
    const { objective: _, ...rest } = options({ steps: 20 })
    const steps = await train({ ...rest, algorithm })
    expect(steps[0]!.kl).toBe(0)
    expect(steps.at(-1)!.kl).toBeGreaterThan(0.05)
    await expect(train({ ...rest, algorithm, startStep: 3 })).rejects.toThrow('needs its reference')
  })

  it('takes as many updates as epochs and minibatches say', async () => {
    const policy = new TabularPolicy({ prompts, words })
    const algorithm = {
      ...insidePpo(policyGradient(meanObjective()), { epochs: 3 }),
      flow: { epochs: 3, minibatches: 2 },
    }
    const { objective: _, ...rest } = options({ policy, steps: 1 })
    const [step] = await train({ ...rest, algorithm })
    expect(policy.provenance.weights).toBe('step-6')
    expect(step!.metrics).toHaveProperty('clipFraction')
  })

  it('times its steps by the caller’s clock', async () => {
    let now = 0
    const [step] = await train(options({ clock: () => (now += 5) }))
    expect(step!.timings).toEqual({ rollout: 5, update: 5 })
    const [untimed] = await train(options())
    expect(untimed).not.toHaveProperty('timings')
  })

  it('scores no more groups at a time than it was told', async () => {
    let [active, most] = [0, 0]
    const slow: RewardFunction = {
      name: 'slow',
      score: async (task, samples) => {
        most = Math.max(most, ++active)
        await Promise.resolve()
        active--
        return reward.score(task, samples)
      },
    }
    await train(options({ reward: slow, concurrency: 2 }))
    expect(most).toBe(2)
  })

  it('punishes long completions as DAPO does', async () => {
    const penalised = withOverlongPenalty(reward, { maxTokens: 4, cache: 2 })
    const sample = (length: number): Sample => ({
      taskId: 'easy',
      index: 0,
      seed: 0,
      text: 'a',
      finish: 'stop',
      usage: { promptTokens: 1, completionTokens: length },
    })
    const outcomes = await penalised.score({ id: 'easy', prompt: 'easy' }, [1, 2, 3, 4, 9].map(sample))
    expect(outcomes.map((outcome) => outcome.kind === 'scored' && outcome.reward)).toEqual([1, 1, 0.5, 0, 0])
  })

  it('trains on another engine’s samples only where the loss corrects for it', async () => {
    const foreign = (): TabularPolicy => {
      const policy = new TabularPolicy({ prompts, words })
      const sample = policy.sample.bind(policy)
      policy.sample = async function* (requests, call) {
        for await (const drawn of sample(requests, call)) {
          const provenance = { ...policy.provenance, engine: 'elsewhere' }
          // Elsewhere every token came out as twice as likely.
          const values = drawn.logprobs!.values.map((x) => x + Math.LN2)
          yield { ...drawn, logprobs: { values, provenance } }
        }
      }
      return policy
    }
    const { objective: _, ...rest } = options({ steps: 1 })
    const algorithm = policyGradient(meanObjective())
    await expect(train({ ...rest, policy: foreign(), algorithm })).rejects.toMatchObject({
      code: 'provenance-mismatch',
    })

    const gradientNorm = async (policy: TabularPolicy, loss: typeof algorithm.loss): Promise<number> =>
      (await train({ ...rest, policy, algorithm: { ...algorithm, loss } }))[0]!.gradientNorm
    const own = await gradientNorm(new TabularPolicy({ prompts, words }), policyGradientLoss())
    const corrected = truncatedImportance(policyGradientLoss(), { cap: 2 })
    expect(await gradientNorm(foreign(), corrected)).toBeCloseTo(own / 2, 12) // each token counts π/(2π)
    expect(await gradientNorm(new TabularPolicy({ prompts, words }), corrected)).toBeCloseTo(own, 12)
  })

  it('refuses an algorithm and an objective that disagree', async () => {
    await expect(train(options({ algorithm: policyGradient(passAtKObjective({ k: 2 })) }))).rejects.toThrow(
      'the algorithm pass@2 maximises pass@2, but the objective is mean',
    )
    const { objective: _, ...rest } = options()
    await expect(train(rest)).rejects.toThrow('neither objective nor algorithm is given')
  })
})
