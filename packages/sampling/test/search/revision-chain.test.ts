import { describe, expect, it } from 'vitest'
import { revisionChain } from '@posttrain/sampling'
import { numeric } from '../support/scripted-sampler.js'
import { speakingSampler } from '../support/speaking-sampler.js'

const task = { id: 't', prompt: 'task' }
const revise = (_: unknown, attempts: readonly string[]): string => attempts.join(',')

/** Attempt `step` of a chain is entry `step` of its list. */
const saying = (chains: readonly (readonly string[])[]): ReturnType<typeof speakingSampler> =>
  speakingSampler((_, __, { id }) => {
    const [, , chain, step] = JSON.parse(id!) as [string, string, number, number]
    return chains[chain]![step]!
  })

describe('revisionChain', () => {
  it('answers with the last attempt, each of which sees all before it', async () => {
    const sampler = saying([['1', '2', '3']])
    const decision = await revisionChain({ revise, length: 3 }).run(sampler, task)
    expect(decision.answer).toBe('3')
    expect(sampler.requests.map(({ prompt }) => prompt)).toEqual([undefined, '1', '1,2'])
    expect(decision.nodes!.map(({ id, parents }) => [id, ...parents])).toEqual([
      ['attempt/0/0'],
      ['attempt/0/1', 'attempt/0/0'],
      ['attempt/0/2', 'attempt/0/1'],
    ])
  })

  it('answers with the best of all chains, the first of equals', async () => {
    const chains = [
      ['1', '4', '2'],
      ['3', '4', '0'],
    ]
    const sampler = saying(chains)
    const decision = await revisionChain({ revise, length: 3, chains: 2, by: numeric }).run(sampler, task)
    expect(decision.reason).toBe('the best of 6 attempts by numeric is attempt/0/1 with 4')
    expect(decision.samples).toHaveLength(6)
  })

  it('leaves out an attempt that failed, and one that has no value', async () => {
    const sampler = saying([['1', '!', '2', 'x']])
    const decision = await revisionChain({ revise, length: 4, by: numeric }).run(sampler, task)
    expect(decision.answer).toBe('2')
    expect(sampler.requests.map(({ prompt }) => prompt)).toEqual([undefined, '1', '1', '1,2'])
  })

  it('keeps a cap', async () => {
    const rules = { cap: { samples: 3 } }
    const sampler = saying([
      ['1', '9'],
      ['2', '8'],
    ])
    const decision = await revisionChain({ revise, length: 2, chains: 2, by: numeric }).run(sampler, task, { rules })
    expect([decision.answer, decision.samples.length, decision.stopped]).toEqual(['9', 3, 'capped'])
  })

  it('refuses several chains without what chooses', () => {
    expect(() => revisionChain({ revise, length: 2, chains: 2 })).toThrow('revisionChain needs by')
  })
})
