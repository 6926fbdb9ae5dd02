import { meanObjective, passAtKObjective } from '@posttrain/estimators'
import { majorityVote, singleSample } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import { stages } from '../../../src/algorithms/stages.js'
import { checkedSettings, type OnlineSettings, type TrainOnlineOptions } from '../../../src/loops/online/settings.js'
import { newPolicy, reward, tasks } from '../../support/online.js'

const given = (changes: Partial<OnlineSettings> = {}): OnlineSettings => ({
  policy: newPolicy(),
  tasks,
  reward,
  ...changes,
})
const objective = meanObjective()

describe('checkedSettings', () => {
  it('fills in what is not said', () => {
    const { algorithmAt, optimizer, ...rest } = checkedSettings({ ...given(), objective })
    expect(rest).toEqual({
      steps: 100,
      startStep: 0,
      promptsPerStep: 3,
      samplesPerPrompt: 8,
      sampling: {},
      unscored: 'throw',
      concurrency: 32,
      seed: 0,
    })
    expect(algorithmAt(7).name).toBe('mean')
    const { learningRate } = optimizer
    if (typeof learningRate === 'number') throw new Error('no warm-up')
    expect([0, 4, 9, 50].map(learningRate)).toEqual([1e-5, 5e-5, 1e-4, 1e-4])
  })

  it('draws twice what the algorithm needs, and at least 8', () => {
    const samples = (k: number): number =>
      checkedSettings({ ...given(), objective: passAtKObjective({ k }) }).samplesPerPrompt
    expect([1, 2, 4, 5, 16].map(samples)).toEqual([8, 8, 8, 10, 32])
    const many = Array.from({ length: 50 }, (_, i) => ({ id: `${i}`, prompt: 'easy' }))
    expect(checkedSettings({ ...given({ tasks: many }), objective }).promptsPerStep).toBe(32)
  })

  it('makes the policy gradient of a procedure with what it reads, and of an objective without', () => {
    const vote = majorityVote({ k: 3 })
    const ofProcedure = checkedSettings({ ...given(), procedure: vote }).algorithmAt(0)
    expect([ofProcedure.name, ofProcedure.reading]).toEqual(['maj@3', vote])
    const ofObjective = checkedSettings({ ...given(), objective: vote.objective }).algorithmAt(0)
    expect([ofObjective.name, ofObjective.reading]).toEqual(['maj@3', undefined])
  })

  it('follows a schedule', () => {
    const schedule = stages([
      { algorithm: policyGradient(passAtKObjective({ k: 8 })), until: 3 },
      { algorithm: policyGradient(objective) },
    ])
    const { algorithmAt, samplesPerPrompt } = checkedSettings({ ...given(), algorithm: schedule })
    expect([0, 2, 3].map((step) => algorithmAt(step).name)).toEqual(['pass@8', 'pass@8', 'mean'])
    expect(samplesPerPrompt).toBe(16)
  })

  it('takes one of procedure, objective and algorithm', () => {
    const both = {
      ...given(),
      objective,
      algorithm: policyGradient(passAtKObjective({ k: 2 })),
    } as unknown as TrainOnlineOptions
    expect(() => checkedSettings(both)).toThrow('more than one of procedure, objective and algorithm is given')
    expect(() => checkedSettings(given() as TrainOnlineOptions)).toThrow(
      'none of procedure, objective and algorithm is given',
    )
    const { objective: _, ...unable } = singleSample()
    const without = { ...given(), procedure: unable } as unknown as TrainOnlineOptions
    expect(() => checkedSettings(without)).toThrow(
      `the procedure ${unable.name} has no objective, so that it cannot be trained for`,
    )
  })

  it.each([
    [{ tasks: [] }, 'tasks is empty'],
    [{ steps: -1 }, 'steps must be an integer of at least 0, but is -1'],
    [{ startStep: 0.5 }, 'startStep must be an integer of at least 0, but is 0.5'],
    [{ promptsPerStep: 0 }, 'promptsPerStep must be an integer of at least 1, but is 0'],
    [{ samplesPerPrompt: 0 }, 'samplesPerPrompt must be an integer of at least 1, but is 0'],
    [{ concurrency: 0 }, 'concurrency must be an integer of at least 1, but is 0'],
    [{ seed: 1.5 }, 'seed must be an integer, but is 1.5'],
  ])('refuses %j', (changes, message) => {
    expect(() => checkedSettings({ ...given(changes), objective })).toThrow(message)
  })
})
