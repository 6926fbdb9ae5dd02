import { PosttrainError } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { both, describeGradient, inLoss, inReward, ratioWeighted } from '@posttrain/kl'

const scores = { logprob: Float64Array.of(-1, -2) }
const constants = { referenceLogprob: [-1.5, -1.5] }

describe('refusals', () => {
  it('k1 in the loss, with the reason and what to do instead', () => {
    const refused = (): unknown => inLoss({ value: 'k1' })
    expect(refused).toThrow('k1 in the loss penalises nothing')
    try {
      refused()
    } catch (error) {
      expect(error).toBeInstanceOf(PosttrainError)
      expect(error).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('allowZeroGradient') as string })
    }
    expect(inLoss({ value: 'k1', allowZeroGradient: true }).gradient).toEqual({
      bias: { kind: 'scaled', factor: 0 },
      of: { divergence: 'reverse-KL', level: 'next-token' },
    })
  })

  it('what a placement lacks or cannot read', () => {
    const rb = both({ value: 'rao-blackwell' })
    expect(() => rb.contribution(scores, constants, 1)).toThrow('the score klToReference is missing')
    expect(() => rb.contribution({ ...scores, klToReference: Float64Array.of(0) }, constants, 1)).toThrow(
      'klToReference must have 2 entries, but has 1',
    )
    expect(() => inReward({ value: 'k1' }).contribution({}, constants, 1)).toThrow('the score logprob is missing')
    expect(() => inReward({ value: 'k1' }).contribution(scores, {}, 1)).toThrow(
      'the constant referenceLogprob is missing',
    )
    expect(() => ratioWeighted({ value: 'k3' }).contribution(scores, constants, 1)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: 'the constant rolloutLogprob is missing',
        hint: expect.stringContaining('for fresh samples those are the scores themselves') as string,
      }),
    )
    expect(() => inReward({ value: 'k1' }).contribution(scores, { referenceLogprob: [-1] }, 1)).toThrow(
      'referenceLogprob must have 2 entries, but has 1',
    )
    expect(() => inReward({ value: 'k1' }).contribution(scores, constants, -1)).toThrow('coefficient must be')
    expect(() => inReward({ value: 'k1' }).contribution(scores, { referenceLogprob: [-1, -Infinity] }, 1)).toThrow(
      'referenceLogprob[1] must be a finite number',
    )
  })

  it('no share in either place is no gradient', () => {
    expect(describeGradient(both({ value: 'k3', each: 0 }).gradient)).toBe('none')
    expect(both({ value: 'k3', each: 0 }).contribution(scores, constants, 1).cotangents.logprob).toEqual(
      new Float64Array(2),
    )
  })

  it('options that do not exist, for callers without types', () => {
    expect(() => inReward({ value: 'k4' as 'k3' })).toThrow(
      'value must be one of k1, k2, k3, abs, rao-blackwell, but is "k4"',
    )
    expect(() => inReward({ value: 'toString' as 'k3' })).toThrow('but is "toString"')
    expect(() => inReward({ value: 'k3', level: 'word' as 'token' })).toThrow(
      'level must be one of token, sequence, but is "word"',
    )
    expect(() => inLoss({ value: 'rao-blackwell', clamp: { value: 10 } })).toThrow('clamp must be absent')
  })

  it('handles samples without tokens', () => {
    const empty = { logprob: new Float64Array(0), klToReference: new Float64Array(0) }
    const none = { referenceLogprob: [], rolloutLogprob: [] }
    for (const level of ['token', 'sequence'] as const) {
      for (const value of ['k1', 'k3', 'rao-blackwell'] as const) {
        for (const placement of [inReward({ value, level }), both({ value, level }), ratioWeighted({ value, level })]) {
          const { value: reported, cotangents } = placement.contribution(empty, none, 1)
          expect(reported).toBe(0)
          expect(cotangents.logprob).toHaveLength(0)
        }
      }
    }
  })
})
