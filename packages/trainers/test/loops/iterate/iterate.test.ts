import { textPrompt, type Outcome, type RewardFunction, type SampleRequest, type Task } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { iterate, type IterationEvent } from '../../../src/loops/iterate/iterate.js'
import { keepAllCorrect } from '../../../src/loops/iterate/keep-rules.js'
import { selfImprovement } from '../../../src/loops/iterate/self-improvement.js'
import type { IterateOptions } from '../../../src/loops/iterate/settings.js'
import { supervisedLoss } from '@posttrain/losses'
import { shuffledBatches } from '../../../src/loops/offline/shuffled-batches.js'
import { trainOffline } from '../../../src/loops/offline/train-offline.js'
import { script } from './scripted-policy.js'

const words = ['a', 'b', 'c', 'd']
const prompts = ['x', 'y', 'z']
const tasks: Task[] = prompts.map((prompt) => ({ id: prompt, prompt }))
const rewards = [0, 1, 0, 1]
const reward: RewardFunction = {
  name: 'b or d',
  score: async (_, samples) =>
    samples.map(({ text }): Outcome => ({ kind: 'scored', reward: rewards[words.indexOf(text.at(-1)!)]! })),
}
const newPolicy = (): TabularPolicy =>
  new TabularPolicy({ prompts: [...prompts, ...prompts.map((prompt) => `${prompt} hint`)], words })
const options = (policy: TabularPolicy, change: Partial<IterateOptions> = {}): IterateOptions => ({
  policy,
  tasks,
  reward,
  algorithm: selfImprovement['rest-em'],
  rounds: 3,
  samplesPerTask: 6,
  seed: 2,
  train: ({ items }, round) =>
    trainOffline({
      model: policy,
      loss: supervisedLoss(),
      batch: shuffledBatches(items, 4, round),
      steps: 10,
      optimizer: { learningRate: 0.03 },
    }),
  ...change,
})
const run = async (given: IterateOptions): Promise<IterationEvent[]> => {
  const events: IterationEvent[] = []
  for await (const event of iterate(given)) events.push(event)
  return events
}
type IterationRound = Extract<IterationEvent, { kind: 'round' }>
const roundsOf = (events: readonly IterationEvent[]): IterationRound[] => events.filter((e) => e.kind === 'round')
const correctness = async (policy: TabularPolicy): Promise<number> => {
  let sum = 0
  for (const prompt of prompts) {
    for (const { tokens, probability } of await policy.completions(prompt)) sum += probability * rewards[tokens[0]!]!
  }
  return sum / prompts.length
}
/** What each prompt draws, whatever the seed. */
const scripted = (table: Record<string, number[]>): TabularPolicy =>
  script(newPolicy(), ({ task, prompt = task.prompt }: SampleRequest) => table[textPrompt({ id: task.id, prompt })]!)

describe('iterate', () => {
  it.each(['base', 'current'] as const)(
    'resumed at a round is the uninterrupted run, bit for bit: from %s',
    async (from) => {
      const algorithm = { ...selfImprovement['rest-em'], from }
      const whole = newPolicy()
      const base = await whole.save()
      const all = await run(options(whole, { algorithm }))
      const first = newPolicy()
      await run(options(first, { algorithm, rounds: 1 }))
      const second = newPolicy()
      await second.load(await first.save({ optimizer: true }))
      const rest = await run(options(second, { algorithm, startRound: 1, base }))
      expect(rest).toEqual(all.slice(11))
      expect(all.map(({ kind }) => kind).filter((kind) => kind === 'round')).toHaveLength(3)
      expect(await second.save({ optimizer: true })).toEqual(await whole.save({ optimizer: true }))
    },
  )

  it('from the base trains each round anew, from the present weights goes on', async () => {
    const table = { x: [1, 0], y: [3, 1], z: [2, 2] }
    const data = [...table.x.slice(0, 1), ...table.y].map((token, i) => ({
      prompt: i === 0 ? 'x' : 'y',
      tokens: [token],
    }))
    const training = (policy: TabularPolicy, steps: number): ReturnType<typeof trainOffline> =>
      trainOffline({
        model: policy,
        loss: supervisedLoss(),
        batch: () => data,
        steps,
        optimizer: { learningRate: 0.03 },
      })
    for (const [from, steps] of [
      ['base', 5],
      ['current', 15],
    ] as const) {
      const policy = scripted(table)
      const change = {
        algorithm: { ...selfImprovement['rest-em'], from },
        samplesPerTask: 2,
        train: () => training(policy, 5),
      }
      await run(options(policy, change))
      const direct = newPolicy()
      for await (const event of training(direct, steps)) expect(event.kind).toBe('step')
      expect(await policy.logits()).toEqual(await direct.logits())
    }
  })

  it('improves by every row of the table', async () => {
    for (const [name, row] of Object.entries(selfImprovement)) {
      const policy = newPolicy()
      const hint = (task: Task): string => `${textPrompt(task)} hint`
      const rounds = roundsOf(await run(options(policy, { algorithm: row, hint })))
      expect(row.name).toBe(name)
      expect(await correctness(policy)).toBeGreaterThan(0.54)
      rounds.forEach(({ direct }) =>
        expect(direct.kept + direct.dropped + direct.failed + direct.unscored).toBe(direct.drawn),
      )
    }
  })

  it('counts what each rule keeps and drops', async () => {
    const table = { x: [1, 0, 1, 3, 2, 1], y: [0, 2, 0, 0, 2, 2], z: [3, 3, 3, 3, 3, 3] }
    const kept = async (algorithm: IterateOptions['algorithm']): Promise<unknown[]> => {
      const [round] = roundsOf(await run(options(scripted(table), { algorithm, rounds: 1 })))
      const { items, direct, tasksKept } = round!
      return [
        items.map(({ prompt, tokens }) => textPrompt({ id: '', prompt }) + String(tokens[0])).join(' '),
        direct.dropped,
        tasksKept,
      ]
    }
    expect(await kept(selfImprovement['rest-em'])).toEqual(['x1 x1 x3 x1 z3 z3 z3 z3 z3 z3', 8, 2])
    expect(await kept(selfImprovement.rft)).toEqual(['x1 x3 z3', 15, 2])
    expect(await kept({ ...selfImprovement.star, rationalise: false })).toEqual(['x1 z3', 16, 2])
    expect(await kept(selfImprovement['expert-iteration'])).toEqual(['x1 y0 z3', 15, 3])
  })

  it('rationalises: tasks without a correct sample are tried with a hint, and learned without it', async () => {
    const table = { x: [1, 0], y: [0, 2], z: [2, 2], 'y hint': [2, 3], 'z hint': [0, 0] }
    const seen: string[] = []
    const judging: RewardFunction = {
      name: 'spy',
      score: (task, samples) => {
        seen.push(textPrompt(task))
        return reward.score(task, samples)
      },
    }
    const hint = (task: Task): string => `${textPrompt(task)} hint`
    const change = { algorithm: selfImprovement.star, hint, rounds: 1, samplesPerTask: 2, reward: judging }
    const [round] = roundsOf(await run(options(scripted(table), change)))
    expect(round!.items).toEqual([
      { prompt: 'x', tokens: [1] },
      { prompt: 'y', tokens: [3] },
    ])
    expect(round!.reward).toBeCloseTo(1 / 6, 12)
    expect(round!.direct).toEqual({ tasks: 3, drawn: 6, failed: 0, unscored: 0, kept: 1, dropped: 5 })
    expect(round!.rationalised).toEqual({ tasks: 2, drawn: 4, failed: 0, unscored: 0, kept: 1, dropped: 3 })
    expect(round!.tasksKept).toBe(2)
    expect(seen).toEqual(['x', 'y', 'z', 'y', 'z'])
  })

  it('leaves the weights alone in a round that keeps nothing', async () => {
    const policy = scripted({ x: [0], y: [2], z: [0] })
    policy.setLogits('x', [], [1, 2, 3, 4])
    const before = await policy.logits()
    const events = await run(options(policy, { rounds: 1, samplesPerTask: 1 }))
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ kind: 'round', steps: 0, tasksKept: 0, items: [] })
    expect(await policy.logits()).toEqual(before)
  })

  it('never keeps an unscored sample, and counts it', async () => {
    const flaky: RewardFunction = {
      name: 'flaky',
      score: async (task, samples) =>
        (await reward.score(task, samples)).map((outcome, i) =>
          i === 0 ? { kind: 'unscored', reason: 'timeout' } : outcome,
        ),
    }
    const table = { x: [1, 1], y: [3, 0], z: [3, 1] }
    const change = { reward: flaky, rounds: 1, samplesPerTask: 2 }
    await expect(run(options(scripted(table), change))).rejects.toThrow(
      'sample 0 of task x (drawn as ["x","round",0]) was not scored: timeout',
    )
    const [round] = roundsOf(await run(options(scripted(table), { ...change, unscored: 'exclude' })))
    expect(round!.direct).toEqual({ tasks: 3, drawn: 6, failed: 0, unscored: 3, kept: 2, dropped: 1 })
    expect(round!.reward).toBeCloseTo(2 / 3, 12)
  })

  it('leaves failed samples out, whatever becomes of unscored ones, and counts them', async () => {
    const policy = scripted({ x: [1, 1, 0], y: [3, 0, 2], z: [3, 1, 1] })
    const draw = policy.sample.bind(policy)
    policy.sample = async function* (requests, call) {
      for await (const { tokens, text, ...sample } of draw(requests, call)) {
        if (sample.index === 1) yield { ...sample, text: '', finish: 'failed', failure: 'cable cut' }
        else yield { ...sample, text, tokens }
      }
    }
    for (const unscored of ['throw', 'count-as-failure'] as const) {
      const [round] = roundsOf(await run(options(policy, { rounds: 1, samplesPerTask: 3, unscored })))
      expect(round!.direct).toEqual({ tasks: 3, drawn: 9, failed: 3, unscored: 0, kept: 4, dropped: 2 })
      expect(round!.items.map(({ prompt, tokens }) => [prompt, ...tokens])).toEqual([
        ['x', 1],
        ['y', 3],
        ['z', 3],
        ['z', 1],
      ])
      expect(round!.reward).toBeCloseTo(4 / 6, 12)
    }
  })

  it('loses no sample when it is stopped', async () => {
    const controller = new AbortController()
    const counts = { drawn: 0 }
    const counting = (policy: TabularPolicy, abortAt: number): TabularPolicy => {
      const draw = policy.sample.bind(policy)
      policy.sample = async function* (requests, call) {
        for await (const sample of draw(requests, call)) {
          if (++counts.drawn === abortAt) controller.abort()
          yield sample
        }
      }
      return policy
    }
    const events: IterationEvent[] = []
    const first = counting(newPolicy(), 8)
    const start = await first.save({ optimizer: true })
    const stopped = async (): Promise<void> => {
      for await (const event of iterate(options(first, { rounds: 1, signal: controller.signal }))) events.push(event)
    }
    await expect(stopped()).rejects.toMatchObject({ code: 'aborted' })
    const last = events.at(-1)!
    if (last.kind !== 'interrupted') throw new Error('unreachable')
    expect(last.samples.length).toBe(counts.drawn)
    expect(counts.drawn).toBeGreaterThanOrEqual(8)

    const second = counting(newPolicy(), Infinity)
    await second.load(start)
    const resumed = await run(options(second, { rounds: 1, known: last.samples }))
    expect(counts.drawn).toBe(18)
    const whole = newPolicy()
    expect(resumed).toEqual(await run(options(whole, { rounds: 1 })))
    expect(await second.logits()).toEqual(await whole.logits())
  })

  it('stops where training stops', async () => {
    const policy = newPolicy()
    const loss = { ...supervisedLoss(), evaluate: () => ({ value: NaN, cotangents: [], metrics: {} }) }
    const train: IterateOptions['train'] = ({ items }) =>
      trainOffline({ model: policy, loss, batch: () => items, steps: 2, optimizer: { learningRate: 0.1 } })
    const events = await run(options(policy, { train }))
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ kind: 'stopped', round: 0, step: 0, reason: { code: 'exploded' } })
  })

  it('refuses what cannot work before it draws anything', async () => {
    const policy = newPolicy()
    policy.sample = () => {
      throw new Error('drawn')
    }
    const refused = (change: Partial<IterateOptions>): Promise<unknown> => run(options(policy, change))
    await expect(refused({ tasks: [] })).rejects.toThrow('tasks is empty')
    await expect(refused({ samplesPerTask: 0 })).rejects.toThrow('samplesPerTask must be an integer of at least 1')
    await expect(refused({ algorithm: selfImprovement.star })).rejects.toThrow(
      'star tries again with a hint, but hint is absent',
    )
    await expect(refused({ startRound: 1 })).rejects.toThrow(
      'round 1 of rest-em starts from the base, but base is absent',
    )
    expect(() => keepAllCorrect(NaN)).toThrow('correctFrom must be a finite number, but is NaN')
    await expect(refused({})).rejects.toThrow('drawn')
  })
})
