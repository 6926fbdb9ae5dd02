import { algorithms, parseAlgorithm } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'

/** Where each row's expected update is enumerated. */
const proved = {
  'exact-rows.test.ts': ['mean', 'pass@K', 'max@K', 'maj@K', 'reinforce', 'rloo', 'remax', 'ppo', 'ppo-pass@K'],
  'biased-rows.test.ts': [
    'grpo',
    'dr-grpo',
    'dapo',
    'gspo',
    'cispo',
    'opo',
    'reinforce++',
    'pass-training@K',
    'centred-pass@K',
    'standardised-pass@K',
  ],
  'kl-regularised.test.ts': ['kl-rl', 'bond-backward@K'], // the latter with a reward of its own
  'variational-best-of-n.test.ts': ['vbon@K', 'vbon-exact@K'],
  'inf-align.test.ts': ['infalign'],
  '../advantages': ['bon-aware@K', 'pass-training-partition@K', 'pass-training-bootstrap@K'],
}

/** Rows whose K is that of the reference's best-of-N, while one sample of the policy is used. */
const forOneSample = /^(vbon|bond)/

describe('algorithms', () => {
  it('has no row whose expected update is not enumerated', () => {
    expect(Object.keys(algorithms).sort()).toEqual(Object.values(proved).flat().sort())
  })

  it.each(Object.keys(algorithms))('%s is found by its name', (name) => {
    const algorithm = parseAlgorithm(name.replace('@K', '@2'), { maxTokens: 5 })
    const ofTwo = name.includes('@') && !forOneSample.test(name)
    expect(algorithm.objective.k).toBe(ofTwo ? 2 : 1)
    expect(algorithm.advantages.target).toMatch(ofTwo ? /@2$/ : /^mean$/)
    expect(algorithm.paper).toMatch(/^https:\/\/(arxiv|doi)\.org\//)
  })

  it('says what there is when asked for something else', () => {
    expect(() => parseAlgorithm('pass@0', { maxTokens: 5 })).toThrow("the algorithm 'pass@0' is unknown")
    expect(() => parseAlgorithm('grpo@4', { maxTokens: 5 })).toThrow('unknown')
    expect(() => parseAlgorithm('toString', { maxTokens: 5 })).toThrow('unknown')
  })
})
