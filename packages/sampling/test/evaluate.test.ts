import { NO_USAGE, requestId, type Decision, type Group, type Procedure, type Sample, type Task } from '@posttrain/core'
import { bestOfNObjective, maxAtKObjective, meanObjective, passAtKObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { bestOf, evaluate, firstPassing, groups, majorityVote, singleSample } from '@posttrain/sampling'
import { exactMatch, manualSignal, numeric, scriptedSampler, task } from './support/scripted-sampler.js'

const script = { easy: ['A', 'A', 'B', 'A'], hard: ['B', 'A', 'C', 'B'], never: ['B', 'C', 'D', 'E'] }
const tasks = [task('easy'), task('hard'), task('never')]
const common = { tasks, reward: exactMatch, samplesPerTask: 4 }
const pass2 = passAtKObjective({ k: 2 })

describe('evaluate', () => {
  it('reports objectives and the mean reward over tasks, with what they rest on', async () => {
    const report = await evaluate({ ...common, sampler: scriptedSampler(script), objectives: [pass2, meanObjective()] })
    // pass@2 from 4 samples with 3, 1 and 0 correct: 1, 1 − C(3,2)/C(4,2) = 1/2, 0.
    expect(report.perTask.map(({ values }) => values)).toEqual([
      [1, 0.75],
      [0.5, 0.25],
      [0, 0],
    ])
    expect(report.perTask.map(({ meanReward }) => meanReward)).toEqual([0.75, 0.25, 0])
    const [metric, , mean] = report.estimates
    expect(metric).toMatchObject({ name: 'pass@2', value: 0.5, tasks: 3, samplesPerTask: { min: 4, max: 4 } })
    expect(metric).toMatchObject({ unscoredPolicy: 'count-as-failure', unscored: 0, interval: { level: 0.95 } })
    expect(mean!.name).toBe('mean reward')
    expect(mean!.value).toBeCloseTo(1 / 3, 14)
    expect(metric!.interval.lower).toBeLessThan(0.5)
    expect(report.usage).toEqual({ promptTokens: 36, completionTokens: 12 })
    expect(report).toMatchObject({ leftOut: [], failed: 0, unscored: 0, judging: NO_USAGE })
  })

  it('estimates a vote over all groups of its size', async () => {
    const vote = majorityVote({ k: 3, ties: 'share' })
    const report = await evaluate({ ...common, sampler: scriptedSampler(script), procedure: vote, level: 0.9 })
    // AAAB: every triple has two A's. BACB: {B,A,C} shares 1/3, twice; {B,A,B} and {B,C,B} lose: (1/3 + 1/3)/4.
    const values = report.perTask.map((of) => of.values[0]!)
    expect(values[0]).toBeCloseTo(1, 12)
    expect(values[1]).toBeCloseTo(1 / 6, 12)
    expect(values[2]).toBe(0)
    expect(report.estimates[0]!.interval.level).toBe(0.9)
  })

  it('measures what is deployed: five ways to write two answers', async () => {
    const texts = ['1+1=2', '2*1=2', '4-2=2', '1+2=3', '1+2=3']
    const sampler = scriptedSampler({ a: texts, b: texts })
    const reward = {
      ...exactMatch,
      score: async (_: Task, samples: readonly Sample[]) =>
        samples.map(({ text }) => {
          const answer = text.split('=')[1]!
          return { kind: 'scored' as const, reward: answer === '2' ? 1 : 0, answer }
        }),
    }
    const both = [
      { vote: majorityVote({ k: 5 }), answer: '1+2=3', worth: 0 },
      { vote: majorityVote({ k: 5, answerOf: ({ text }) => text.split('=')[1] }), answer: '2', worth: 1 },
    ]
    for (const { vote, answer, worth } of both) {
      const { estimates } = await evaluate({ sampler, tasks: [task('a'), task('b')], reward, procedure: vote })
      expect(estimates[0]!.value).toBe(worth)
      const decision = await vote.run(sampler, task('a'))
      expect(decision.answer).toBe(answer)
      expect((await reward.score(task('a'), [decision.sample!]))[0]!.reward).toBe(worth)
    }
  })

  it('counts by one reward what another chose', async () => {
    // Longest wins; only A is right.
    const by = {
      name: 'length',
      score: async (_: Task, samples: readonly Sample[]) =>
        samples.map(({ text }) => ({ kind: 'scored' as const, reward: text.length })),
    }
    const sampler = scriptedSampler({ a: ['A', 'BB', 'A', 'A'], b: ['A', 'A', 'A', ''] })
    const of = { sampler, tasks: [task('a'), task('b')], reward: exactMatch, samplesPerTask: 4 }
    const { perTask } = await evaluate({ ...of, procedure: bestOf({ n: 2, by }) })
    // a: 3 of 6 pairs hold BB and lose. b: 3 pairs of A's; in the other 3, A is longer than nothing.
    expect(perTask.map(({ values }) => values[0])).toEqual([0.5, 1])
    const given = { ...exactMatch, gives: ['length'] }
    await expect(evaluate({ ...of, objectives: [bestOfNObjective({ n: 2, by: 'length' })] })).rejects.toThrow(
      'the objective best-of-2 by length reads the part length, which nothing gives',
    )
    await expect(
      evaluate({ ...of, reward: given, objectives: [bestOfNObjective({ n: 2, by: 'length' })] }),
    ).rejects.toThrow('length') // promised and not kept: said at the first group
  })

  it('refuses too few samples, a wrong level, one task and no goal before drawing anything', async () => {
    const sampler = scriptedSampler(script)
    const refused = { ...common, sampler }
    await expect(evaluate({ ...refused, procedure: majorityVote({ k: 8 }) })).rejects.toThrow(
      'maj@8 needs at least 8 samples per task, but there are 4',
    )
    await expect(evaluate({ ...refused, objectives: [pass2], level: 95 })).rejects.toThrow(
      'level must be a finite number above 0 and below 1, but is 95',
    )
    await expect(evaluate({ ...refused, objectives: [pass2], tasks: [tasks[0]!] })).rejects.toThrow('at least 2 tasks')
    await expect(evaluate({ ...refused, objectives: [] })).rejects.toThrow('neither procedure nor objectives')
    expect(sampler.requests).toEqual([])
  })

  it('draws as few samples as the objectives need unless told otherwise, and one is enough for a mean', async () => {
    const sampler = scriptedSampler(script)
    const sampling = { temperature: 0.7, topP: 0.9 }
    const objectives = [passAtKObjective({ k: 3 })]
    await evaluate({ sampler, tasks, reward: exactMatch, procedure: singleSample(), objectives, seed: 5, sampling })
    expect(sampler.requests.map(({ count, seed, temperature, topP }) => [count, seed, temperature, topP])).toEqual(
      tasks.map(() => [3, 5, 0.7, 0.9]),
    )
    const single = await evaluate({ sampler, tasks, reward: exactMatch, procedure: singleSample() })
    expect(single.estimates[0]!.samplesPerTask).toEqual({ min: 1, max: 1 })
  })

  it('refuses two tasks of one id', async () => {
    const twice = { ...common, tasks: [task('easy'), task('easy')], sampler: scriptedSampler(script) }
    await expect(evaluate({ ...twice, objectives: [pass2] })).rejects.toThrow('two tasks have the id easy')
  })

  describe('with samples that could not be scored', () => {
    const sampler = () => scriptedSampler({ x: ['A', '?', 'B', '?'], y: ['A', 'A', 'B', 'B'], z: ['?', '?', '!', 'A'] })
    const shared = {
      tasks: ['x', 'y', 'z'].map(task),
      reward: exactMatch,
      samplesPerTask: 4,
      objectives: [pass2],
    }

    it('counts them as failures by default, and failed ones apart', async () => {
      const { estimates, perTask, unscored, failed } = await evaluate({ ...shared, sampler: sampler() })
      expect(perTask.map(({ meanReward }) => meanReward)).toEqual([0.25, 0.5, 0.25])
      expect(perTask.map((of) => [of.unscored, of.failed])).toEqual([
        [2, 0],
        [0, 0],
        [2, 1],
      ])
      expect([unscored, failed]).toEqual([4, 1])
      expect(estimates[0]).toMatchObject({ unscored: 5, unscoredPolicy: 'count-as-failure', tasks: 3 })
    })

    it('leaves them out on request, and from every estimate a task that has too few others', async () => {
      const report = await evaluate({ ...shared, sampler: sampler(), unscored: 'exclude' })
      expect(report.perTask.map(({ values }) => values[0])).toEqual([1, expect.closeTo(5 / 6, 14), undefined])
      expect(report.leftOut).toEqual(['z'])
      for (const estimate of report.estimates) {
        expect(estimate).toMatchObject({ tasks: 2, unscored: 5, samplesPerTask: { min: 2, max: 4 } })
      }
    })

    it('refuses them on request, and a metric that rests on one task', async () => {
      await expect(evaluate({ ...shared, sampler: sampler(), unscored: 'throw' })).rejects.toThrow(
        'was not scored: the judge did not answer',
      )
      const two = { ...shared, tasks: [task('y'), task('z')], sampler: sampler(), unscored: 'exclude' as const }
      await expect(evaluate(two)).rejects.toThrow('1 of 2 tasks have enough scored samples for pass@2')
    })
  })

  it('can be stopped and continued to the same report without drawing a sample twice', async () => {
    const whole = await evaluate({ ...common, sampler: scriptedSampler(script), objectives: [pass2] })
    const signal = manualSignal()
    const known: Sample[] = []
    const onSample = (sample: Sample): void => {
      known.push(sample)
      if (known.length === 7) signal.abort()
    }
    const stopped = evaluate({ ...common, sampler: scriptedSampler(script), objectives: [pass2], signal, onSample })
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' })
    const drawn: Sample[] = []
    const again = { ...common, sampler: scriptedSampler(script), objectives: [pass2], known }
    expect(await evaluate({ ...again, onSample: (sample: Sample) => void drawn.push(sample) })).toEqual(whole)
    expect(drawn).toHaveLength(5)
  })

  it('takes a stream of tasks, keeps no group, and waits for whoever is told of one', async () => {
    let alive = 0
    let most = 0
    async function* endlessTasks() {
      for (let i = 0; i < 200; i++) yield { id: `t${i}`, prompt: '', reference: 'A' }
    }
    const sampler = {
      async *sample(requests: Parameters<ReturnType<typeof scriptedSampler>['sample']>[0]) {
        for (const { task: of, seed } of requests) {
          most = Math.max(most, ++alive)
          const usage = { promptTokens: 1, completionTokens: 1 }
          yield { id: of.id, taskId: of.id, index: 0, seed, text: 'A', finish: 'stop' as const, usage }
        }
      },
    }
    const report = await evaluate({
      sampler,
      tasks: endlessTasks(),
      reward: exactMatch,
      objectives: [meanObjective()],
      tasksInFlight: 4,
      onGroup: async () => {
        await new Promise((resolve) => setTimeout(resolve, 0))
        alive--
      },
    })
    expect(report.estimates[0]).toMatchObject({ value: 1, tasks: 200 })
    expect(report.perTask.map(({ taskId }) => taskId)).toEqual(Array.from({ length: 200 }, (_, i) => `t${i}`))
    expect(most).toBeLessThanOrEqual(6)
  })

  describe('of a procedure without an objective', () => {
    /** Answers A on even runs and abstains on odd ones; it says how much it was judged. */
    const fickle: Procedure = {
      name: 'fickle',
      async run(sampler, of, options = {}): Promise<Decision> {
        expect(of).not.toHaveProperty('reference')
        const run = Number((JSON.parse(options.id!) as unknown[]).at(-1))
        const request = { task: of, count: 2, seed: options.seed!, id: options.id, ...options.sampling }
        const samples: Sample[] = []
        for await (const sample of sampler.sample([request])) samples.push(sample)
        const sample = run % 2 === 0 ? samples.find(({ text }) => text === 'A') : undefined
        const usage = { promptTokens: 6, completionTokens: 2 }
        const judging = { promptTokens: 9, completionTokens: 1, cost: 0.5 }
        return {
          taskId: of.id,
          answer: sample?.text,
          sample,
          reason: '',
          stopped: 'complete' as const,
          usage,
          judging,
          samples,
        }
      },
    }

    it('runs it, an abstention being a scored 0 whatever the policy on unscored samples', async () => {
      const sampler = scriptedSampler({ a: ['A', 'B'], b: ['B', 'A'] })
      const of = { sampler, tasks: [task('a'), task('b')], reward: exactMatch, procedure: fickle, samplesPerTask: 4 }
      for (const unscored of ['count-as-failure', 'exclude', 'throw'] as const) {
        const report = await evaluate({ ...of, unscored })
        expect(report.estimates.map(({ name, value }) => [name, value])).toEqual([
          ['fickle', 0.5],
          ['mean reward', 0.5],
        ])
        expect(report.usage).toEqual({ promptTokens: 48, completionTokens: 16 })
        expect(report.judging).toEqual({ promptTokens: 72, completionTokens: 8, cost: 4 })
      }
      const ids = new Set(sampler.requests.map(({ id }) => id))
      expect(ids.has(requestId('a', 'run', 3))).toBe(true)
    })

    it('groups one sample per run, and hands what is drawn to onSample', async () => {
      const all: Group[] = []
      const drawn: Sample[] = []
      const stream = groups({
        sampler: scriptedSampler({ a: ['A', 'B'] }),
        tasks: [task('a')],
        reward: exactMatch,
        procedure: fickle,
        samplesPerTask: 2,
        onSample: (sample) => void drawn.push(sample),
      })
      for await (const group of stream) all.push(group)
      expect(all[0]!.samples.map(({ id, index, text }) => [id, index, text])).toEqual([
        ['a', 0, 'A'],
        ['a', 1, ''],
      ])
      expect(drawn).toHaveLength(4)
    })
  })

  it('agrees with what several procedures come to by hand', async () => {
    const sampler = scriptedSampler({ a: ['3', '1', '2'], b: ['0', '1', '1'] })
    const of = {
      sampler,
      tasks: [
        { id: 'a', prompt: '' },
        { id: 'b', prompt: '' },
      ],
      reward: numeric,
      samplesPerTask: 3,
    }
    const best = await evaluate({
      ...of,
      procedure: bestOf({ n: 2, by: numeric }),
      objectives: [maxAtKObjective({ k: 2 })],
    })
    // Pairs of 3, 1, 2: 3, 3, 2. Pairs of 0, 1, 1: 1, 1, 1.
    expect(best.perTask.map(({ values }) => values)).toEqual([
      [expect.closeTo(8 / 3, 12), expect.closeTo(8 / 3, 12)],
      [1, 1],
    ])
    const first = await evaluate({ ...of, procedure: firstPassing({ k: 2, by: numeric }) })
    // Every number of a passes, and of two the first is either: the mean. Of b's pairs all hold a 1.
    expect(first.perTask.map(({ values }) => values[0])).toEqual([expect.closeTo(2, 12), expect.closeTo(1, 12)])
  })
})
