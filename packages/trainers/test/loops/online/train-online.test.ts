import type { Outcome, RewardFunction, Sample } from '@posttrain/core'
import { majorityObjective, maxAtKObjective, meanObjective, passAtKObjective } from '@posttrain/estimators'
import { inReward } from '@posttrain/kl'
import { policyGradientLoss, ppoClipLoss, truncatedImportance } from '@posttrain/losses'
import { TabularPolicy } from '@posttrain/models'
import { majorityVote } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../../src/algorithms/algorithm.js'
import { dapo, remax } from '../../../src/algorithms/mean-reward.js'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import { stages } from '../../../src/algorithms/stages.js'
import { withPpoClip } from '../../../src/algorithms/with-ppo-clip.js'
import type { TrainingEvent } from '../../../src/loops/online/events.js'
import type { OnlineSettings, TrainOnlineOptions } from '../../../src/loops/online/settings.js'
import { train, trainOnline } from '../../../src/loops/online/train-online.js'
import { eventsOf, newPolicy, noting, reward, settings, stepsOf, words } from '../../support/online.js'

const mean = policyGradient(meanObjective())
const options = (changes: Partial<OnlineSettings> = {}): TrainOnlineOptions => ({
  ...settings(changes),
  objective: meanObjective(),
})

describe('one update', () => {
  const rewards: Record<string, number> = { a: 0, b: 1, c: 0, d: 1 }
  const objectives = [
    meanObjective(),
    passAtKObjective({ k: 2 }),
    passAtKObjective({ k: 3 }),
    maxAtKObjective({ k: 2 }),
    majorityObjective({ k: 3 }),
  ]
  it.each(objectives)('is on average the gradient of the objective: $name', async (objective) => {
    const n = 3
    const policy = new TabularPolicy({ prompts: ['x'], words })
    policy.setLogits('x', [], [0.2, -0.3, 0.5, -0.1])
    const completions = await policy.completions('x')
    const outcomes = words.map((text) => ({ kind: 'scored' as const, reward: rewards[text]!, answer: text }))
    const p = completions.map(({ probability }) => probability)

    // Over every possible group of n samples: the expected cotangent of each completion, and the exact gradient of
    // E[estimate] by the score identity ∂P/∂θⱼ = P · Σᵢ (1[yᵢ = j] − pⱼ).
    const expectedAdvantage = words.map(() => 0)
    const exact = words.map(() => 0)
    for (let code = 0; code < words.length ** n; code++) {
      const group = Array.from({ length: n }, (_, i) => Math.floor(code / words.length ** i) % words.length)
      const probability = group.reduce((product, y) => product * p[y]!, 1)
      const drawn = group.map((y) => outcomes[y]!)
      objective.advantages(drawn).forEach((a, i) => (expectedAdvantage[group[i]!]! += probability * a))
      const value = objective.estimate(drawn)
      words.forEach((_, j) => {
        const score = group.reduce((sum, y) => sum + (y === j ? 1 : 0) - p[j]!, 0)
        exact[j]! += probability * value * score
      })
    }
    const pass = await policy.forward(completions.map(({ tokens }) => ({ prompt: 'x', tokens })))
    await pass.backward(expectedAdvantage.map((a) => ({ logprob: Float64Array.of(a) })))
    const gradient = await policy.gradient()
    words.forEach((_, j) => expect(gradient[j]).toBeCloseTo(exact[j]!, 12))
    expect(Math.max(...exact.map(Math.abs))).toBeGreaterThan(0.01)
  })
})

describe('trainOnline', () => {
  const rewards: Record<string, number> = { a: 0, b: 1, c: 0, d: 1 }
  const lastWord: RewardFunction = {
    name: 'b or d',
    score: async (_, samples) =>
      samples.map(({ text }): Outcome => ({ kind: 'scored', reward: rewards[text.at(-1)!]!, answer: text.at(-1)! })),
  }
  const tasks = ['x', 'y', 'z'].map((prompt) => ({ id: prompt, prompt }))
  const newTwoWords = (): TabularPolicy => {
    const policy = new TabularPolicy({ prompts: ['x', 'y', 'z'], words, length: 2 })
    for (const { prompt } of tasks) policy.setLogits(prompt, [1], [0.2, -0.3, 0.5, -0.1])
    return policy
  }
  const twoWords = (policy: TabularPolicy, changes: Partial<OnlineSettings> = {}): OnlineSettings => ({
    policy,
    tasks,
    reward: lastWord,
    steps: 8,
    promptsPerStep: 2,
    samplesPerPrompt: 8,
    optimizer: { learningRate: 0.1 },
    seed: 3,
    ...changes,
  })
  const objective = passAtKObjective({ k: 4 })

  it('continued from saved weights and optimizer state is the uninterrupted run', async () => {
    const whole = newTwoWords()
    const steps = await train({ ...twoWords(whole), objective })

    const first = newTwoWords()
    await train({ ...twoWords(first, { steps: 5 }), objective })
    const second = newTwoWords()
    await second.load(await first.save({ optimizer: true }))
    const rest = await train({ ...twoWords(second, { startStep: 5 }), objective })

    expect(rest).toEqual(steps.slice(5))
    expect(await second.save({ optimizer: true })).toEqual(await whole.save({ optimizer: true }))
  })

  it('reports what it drew', async () => {
    for (const step of await stepsOf({ ...twoWords(newTwoWords()), objective })) {
      const samples = step.groups.flatMap((group) => group.samples)
      const found = step.groups.flatMap((group) => group.outcomes.map((outcome) => outcome.reward))
      expect(samples).toHaveLength(16)
      expect(step.reward).toBeCloseTo(found.reduce((a, b) => a + b) / 16, 12)
      expect(step.tokens).toBe(16 * 3)
      expect(step.entropy).toBeGreaterThan(0.1)
      expect(step.entropy).toBeLessThan(Math.log(4) + 0.5)
      expect(step.sampleEntropy).toBeCloseTo(2 * step.entropy, 12)
      expect([step.failed, step.unscored, step.staleness, step.klControl]).toEqual([0, 0, 0, undefined])
    }
  })

  it('run to its end by train gives every step, without its groups', async () => {
    const steps = await train({ ...twoWords(newTwoWords()), objective })
    const whole = await stepsOf({ ...twoWords(newTwoWords()), objective })
    expect(steps).toEqual(whole.map(({ groups: _, ...step }) => step))
    expect(steps.every((step) => !('groups' in step))).toBe(true)
  })

  it('reaches the optimum of each objective', async () => {
    for (const goal of [meanObjective(), passAtKObjective({ k: 4 }), majorityObjective({ k: 3 })]) {
      const policy = newTwoWords()
      for (const { prompt } of tasks) for (let w = 0; w < 4; w++) policy.setLogits(prompt, [w], [1.5, 0, 1.5, 0])
      const steps = await train({ ...twoWords(policy, { steps: 150, promptsPerStep: 3 }), objective: goal })
      expect(steps[0]!.objective).toBeLessThan(0.8)
      expect(steps.at(-1)!.objective).toBeGreaterThan(0.95)
    }
  })

  it('trains for what a procedure reads', async () => {
    // The reward has no answers: who votes is what the procedure says.
    const blind: RewardFunction = {
      name: 'b or d',
      score: async (...args) =>
        (await lastWord.score(...args)).map((outcome) => ({
          kind: 'scored',
          reward: outcome.kind === 'scored' ? outcome.reward : 0,
        })),
    }
    const vote = majorityVote({ k: 3, answerOf: ({ text }) => text.at(-1)! })
    const [voting, keyed] = [newTwoWords(), newTwoWords()]
    const steps = await train({ ...twoWords(voting, { reward: blind }), procedure: vote })
    const same = await train({ ...twoWords(keyed), objective: vote.objective })
    expect(steps).toEqual(same)
    expect(await voting.logits()).toEqual(await keyed.logits())
    // Without it nobody has an answer, and nothing is learned.
    const silent = newTwoWords()
    const before = await silent.logits()
    await train({ ...twoWords(silent, { reward: blind }), objective: vote.objective })
    expect(await silent.logits()).toEqual(before)
  })

  it('with the clipped surrogate takes the same first step as with the plain policy gradient', async () => {
    const algorithm = { ...policyGradient(objective), loss: ppoClipLoss() }
    const [plain, clipped] = [newTwoWords(), newTwoWords()]
    await train({ ...twoWords(plain, { steps: 1 }), objective })
    await train({ ...twoWords(clipped, { steps: 1 }), algorithm })
    const [a, b] = [await plain.logits(), await clipped.logits()]
    a.forEach((x, i) => expect(b[i]).toBeCloseTo(x, 12))
  })

  it('never trains on an unscored sample', async () => {
    const flaky: RewardFunction = {
      name: 'flaky',
      score: async (task, samples) =>
        (await lastWord.score(task, samples)).map((outcome, i) =>
          i === 1 ? { kind: 'unscored', reason: 'timeout' } : outcome,
        ),
    }
    await expect(train({ ...twoWords(newTwoWords(), { reward: flaky }), objective })).rejects.toThrow(
      /sample 1 of task [xyz] \(drawn as .*\) was not scored: timeout/,
    )
    const left: OnlineSettings = twoWords(newTwoWords(), { reward: flaky, unscored: 'exclude', steps: 1 })
    const [step] = await stepsOf({ ...left, objective })
    expect(step!.unscored).toBe(2)
    expect(step!.groups.map((group) => group.advantages.length)).toEqual([7, 7])
    const zero = { ...left, policy: newTwoWords(), unscored: 'count-as-failure' as const }
    const [counted] = await stepsOf({ ...zero, objective })
    expect(counted!.unscored).toBe(2)
    expect(counted!.groups.map((group) => [group.advantages.length, group.outcomes[1]!.reward])).toEqual([
      [8, 0],
      [8, 0],
    ])
  })

  it('stops between steps when told to', async () => {
    const controller = new AbortController()
    const seen: number[] = []
    const run = async (): Promise<void> => {
      const given = { ...twoWords(newTwoWords(), { signal: controller.signal }), objective }
      for await (const { step } of trainOnline(given)) {
        seen.push(step)
        if (step === 2) controller.abort()
      }
    }
    await expect(run()).rejects.toMatchObject({ code: 'aborted' })
    expect(seen).toEqual([0, 1, 2])
  })
})

describe('constant groups', () => {
  it('carry no gradient, and are counted', async () => {
    const [step] = await stepsOf(options())
    expect(step!.constantGroups).toBe(2)
    expect(step!.groups.map(({ advantages }) => advantages.every((a) => a === 0))).toContain(false)
    expect(step!.informative).toBeCloseTo(8 / 24, 12)
  })

  it('are replaced where the algorithm says so, as far as it says', async () => {
    const algorithm = dapo({ maxTokens: 10 })
    const one = { promptsPerStep: 1, steps: 12 }
    const dynamic = await stepsOf({ ...settings(one), algorithm })
    expect(dynamic.every(({ groups }) => groups.length === 1)).toBe(true)
    const plain = await stepsOf({ ...settings(one), algorithm: { ...algorithm, flow: {} } })
    const useful = (steps: typeof plain): number => steps.filter(({ informative }) => informative > 0).length
    expect(useful(plain)).toBe(4) // each prompt comes every third step
    // Five draws miss the mixed prompt with probability (2/3)⁵ = 0.13: of 12 steps 10.4 say something, give or take 1.2.
    // That it is more than 8 is what this seed shows, and no bound.
    expect(useful(dynamic)).toBeGreaterThan(8)
    expect(dynamic.some(({ constantGroups }) => constantGroups > 1)).toBe(true)
  })
})

describe('an update that would not be finite', () => {
  /** The algorithm with a loss whose update of this number is not. */
  const exploding = (algorithm: Algorithm, at: number): Algorithm => {
    const { evaluate } = algorithm.loss
    let updates = 0
    const loss: typeof algorithm.loss = {
      ...algorithm.loss,
      evaluate: (...args) => (++updates === at ? { ...evaluate(...args), value: NaN } : evaluate(...args)),
    }
    return { ...algorithm, loss }
  }

  it('ends the run with the state before it', async () => {
    const policy = newPolicy()
    const seen = await eventsOf({ ...settings({ policy, steps: 9 }), algorithm: exploding(mean, 3) })
    expect(seen.map(({ kind }) => kind)).toEqual(['step', 'step', 'stopped'])
    const last = seen.at(-1)!
    if (last.kind !== 'stopped') throw new Error(last.kind)
    expect(last.reason.message).toBe('the loss policy-gradient of step 2 is NaN')

    const good = newPolicy()
    await train({ ...settings({ policy: good, steps: 2 }), algorithm: mean })
    expect(last.checkpoint).toEqual(await good.save({ optimizer: true }))
    expect(await policy.save({ optimizer: true })).toEqual(last.checkpoint)
  })

  it('of several of a batch ends it with the state before the first of them', async () => {
    const several = withPpoClip(mean, { epochs: 3 })
    const policy = newPolicy()
    // Steps 0 and 1 take three updates each; the second update of step 2 explodes.
    const seen = await eventsOf({ ...settings({ policy, steps: 9 }), algorithm: exploding(several, 8) })
    expect(seen.map(({ kind, step }) => [kind, step])).toEqual([['step', 0], ['step', 1], ['stopped', 2]]) // prettier-ignore
    const last = seen.at(-1)!
    if (last.kind !== 'stopped') throw new Error(last.kind)
    const good = newPolicy()
    await train({ ...settings({ policy: good, steps: 2 }), algorithm: several })
    expect(last.checkpoint).toEqual(await good.save({ optimizer: true }))
    expect(await policy.save({ optimizer: true })).toEqual(last.checkpoint)
    expect(policy.provenance).toEqual(good.provenance)
  })

  it('or whose gradient explodes', async () => {
    const optimizer = { learningRate: 0.1, refuseAbove: 1e-3 }
    const [only] = await eventsOf(options({ optimizer }))
    expect(only).toMatchObject({ kind: 'stopped', step: 0, reason: { code: 'exploded' } })
    await expect(train(options({ optimizer }))).rejects.toThrow('so the step was not taken')
  })
})

describe('an aborted run', () => {
  it('hands over what it drew, and goes on from there without drawing it again', async () => {
    const whole = newPolicy()
    await train(options({ policy: whole }))

    const controller = new AbortController()
    let drawn = 0
    const policy = newPolicy()
    const aborting = {
      async *sample(...args: Parameters<typeof policy.sample>) {
        for await (const sample of policy.sample(...args)) {
          if (++drawn === 24 + 10) controller.abort()
          yield sample
        }
      },
      provenance: policy.provenance,
    }
    const seen: TrainingEvent[] = []
    const run = async (): Promise<void> => {
      const given = options({ policy, samplerAt: () => aborting, signal: controller.signal })
      for await (const event of trainOnline(given)) seen.push(event)
    }
    await expect(run()).rejects.toMatchObject({ code: 'aborted' })
    const last = seen.at(-1)!
    if (last.kind !== 'interrupted') throw new Error(last.kind)
    expect([seen.length, last.step]).toEqual([2, 1])
    expect(last.samples).toHaveLength(10) // nothing that was drawn is lost

    const again = newPolicy()
    await again.load(await policy.save({ optimizer: true }))
    const sampler = noting(again)
    await train(options({ policy: again, samplerAt: () => sampler, startStep: 1, known: last.samples }))
    expect(sampler.samples).toHaveLength(14)
    expect(await again.logits()).toEqual(await whole.logits())
  })

  it('a second time, with what it was given too', async () => {
    const controller = new AbortController()
    const [step] = await stepsOf(options({ steps: 1 }))
    const known = step!.groups.flatMap(({ samples }) => samples).slice(0, 10)
    const policy = newPolicy()
    const onSample = (): void => controller.abort()
    const seen: TrainingEvent[] = []
    const run = async (): Promise<void> => {
      for await (const event of trainOnline(options({ policy, known, onSample, signal: controller.signal })))
        seen.push(event)
    }
    await expect(run()).rejects.toMatchObject({ code: 'aborted' })
    const [last] = seen
    if (last?.kind !== 'interrupted') throw new Error(last?.kind)
    expect(last.samples.slice(0, 10)).toEqual(known)
    expect(last.samples.length).toBeGreaterThan(10)
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
    const [step] = await stepsOf(options({ reward: flaky, unscored: 'exclude', steps: 1 }))
    expect(step).toMatchObject({ unscored: 7, failed: 0, shortGroups: 1 })
    expect(step!.groups.map(({ task }) => task.id).sort()).toEqual(['hard', 'mixed'])
  })

  it('or where the most likely completion has none', async () => {
    const [step] = await stepsOf({ ...settings({ reward: flaky, unscored: 'exclude', steps: 1 }), algorithm: remax() })
    // The one sample of the easy prompt with a score would do for this row; the eighth without one is the likely completion.
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
    const steps = await train({ ...settings({ samplesPerPrompt: 1, steps: 3 }), algorithm: remax() })
    expect(steps.map(({ objective, reward: average }) => objective - average)).toEqual([0, 0, 0])
  })
})

describe('schedules, references, samplers, clocks', () => {
  it('follows one algorithm after another', async () => {
    const algorithm = stages([{ algorithm: policyGradient(passAtKObjective({ k: 4 })), until: 2 }, { algorithm: mean }])
    const steps = await train({ ...settings({ steps: 4 }), algorithm })
    expect(steps.map((step) => step.algorithm)).toEqual(['pass@4', 'pass@4', 'mean', 'mean'])
  })

  const penalised: Algorithm = {
    ...mean,
    kl: { placement: inReward({ value: 'k1' }), coefficient: 0.1 },
  }

  it('measures the KL from where it began, and asks for that when it goes on', async () => {
    const steps = await train({ ...settings({ steps: 20 }), algorithm: penalised })
    expect(steps[0]!.kl).toBe(0)
    expect(steps.at(-1)!.kl).toBeGreaterThan(0.05)
    await expect(train({ ...settings({ startStep: 3, steps: 20 }), algorithm: penalised })).rejects.toThrow(
      'a run that starts at step 3 and compares with a reference needs it',
    )
  })

  it('takes its reference at the start, where a later stage is the first to need one', async () => {
    const schedule = stages([{ algorithm: mean, until: 10 }, { algorithm: penalised }])
    const steps = await train({ ...settings({ steps: 12 }), algorithm: schedule })
    expect(steps.slice(0, 10).every(({ kl }) => kl === undefined)).toBe(true)
    expect(steps[10]!.kl).not.toBe(0) // as it would be of weights taken when the stage begins
    const sampler = noting(newPolicy())
    const resumed = train({ ...settings({ startStep: 3, steps: 12 }), samplerAt: () => sampler, algorithm: schedule })
    await expect(resumed).rejects.toThrow('a run that starts at step 3 and compares with a reference needs it')
    expect(sampler.samples).toHaveLength(0)
  })

  it('draws from the sampler of the step', async () => {
    const policy = newPolicy()
    const asked: number[] = []
    policy.sample = () => {
      throw new Error('drawn')
    }
    const samplerAt = (step: number): Promise<ReturnType<typeof noting>> => {
      asked.push(step)
      return policy.snapshot().then(noting)
    }
    const steps = await train(options({ policy, samplerAt, steps: 4 }))
    expect(asked).toEqual([0, 1, 2, 3])
    expect(steps.map(({ staleness }) => staleness)).toEqual([0, 0, 0, 0])
    // Snapshots draw what the policy itself would have drawn.
    const own = newPolicy()
    await train(options({ policy: own, steps: 4 }))
    expect(await policy.logits()).toEqual(await own.logits())
  })

  it('knows how old the weights of a sampler are that is not given new ones', async () => {
    const policy = newPolicy()
    const frozen = await policy.snapshot()
    const steps = await train(options({ policy, samplerAt: () => frozen, steps: 4 }))
    expect(steps.map(({ staleness }) => staleness)).toEqual([0, 1, 2, 3])
  })

  it('times its steps by the caller’s clock', async () => {
    let now = 0
    const [step] = await train(options({ clock: () => (now += 5) }))
    expect(step!.timings).toEqual({ rollout: 5, update: 5 })
    const [untimed] = await train(options())
    expect(untimed!.timings).toBeUndefined()
  })

  it('trains on another engine’s samples only where the loss corrects for it', async () => {
    const foreign = (): TabularPolicy => {
      const policy = newPolicy()
      const sample = policy.sample.bind(policy)
      policy.sample = async function* (requests, call) {
        for await (const drawn of sample(requests, call)) {
          const provenance = { ...policy.provenance, engine: 'elsewhere' }
          // Elsewhere every token came out as twice as likely.
          const values = Float64Array.from(drawn.logprobs!.values, (x) => x + Math.LN2)
          yield { ...drawn, logprobs: { values, provenance } }
        }
      }
      return policy
    }
    const samplerOf = (policy: TabularPolicy) => () => ({
      provenance: { ...policy.provenance, engine: 'elsewhere' },
      sample: (...args: Parameters<typeof policy.sample>) => policy.sample(...args),
    })
    const refused = foreign()
    const given = settings({ policy: refused, samplerAt: samplerOf(refused), steps: 1 })
    await expect(train({ ...given, algorithm: mean })).rejects.toMatchObject({ code: 'provenance-mismatch' })

    const gradientNorm = async (policy: TabularPolicy, loss: Algorithm['loss'], isForeign = false): Promise<number> => {
      const samplerAt = isForeign ? samplerOf(policy) : undefined
      const [step] = await train({ ...settings({ policy, samplerAt, steps: 1 }), algorithm: { ...mean, loss } })
      return step!.gradientNorm!
    }
    const own = await gradientNorm(newPolicy(), policyGradientLoss())
    const corrected = truncatedImportance(policyGradientLoss(), { cap: 2 })
    expect(await gradientNorm(foreign(), corrected, true)).toBeCloseTo(own / 2, 12) // each token counts π/(2π)
    expect(await gradientNorm(newPolicy(), corrected)).toBeCloseTo(own, 12)
  })
})

describe('known samples', () => {
  it('of another seed are refused', async () => {
    const tasks = [{ id: 'mixed', prompt: 'mixed' }]
    const [step] = await stepsOf(options({ tasks, steps: 1 }))
    const known: Sample[] = step!.groups.flatMap(({ samples }) => samples)
    await expect(train(options({ tasks, known, seed: 2, steps: 1 }))).rejects.toThrow('has seed 1, not 2')
  })
})
