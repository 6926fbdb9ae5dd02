import { PosttrainError } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { both, inLoss, inReward, ratioWeighted } from '@posttrain/kl'

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
    expect(inLoss({ value: 'k1', allowZeroGradient: true }).gradient).toEqual({ kind: 'none' })
  })

  it('what a placement lacks or cannot read', () => {
    const rb = both({ value: 'rao-blackwell' })
    expect(rb.needs).toEqual(['logprob', 'referenceKl'])
    expect(() => rb.contribution(scores, constants, 1)).toThrow('rao-blackwell needs the score referenceKl')
    expect(() => ratioWeighted({ value: 'k3' }).contribution(scores, constants, 1)).toThrow('needs samplingLogprob')
    expect(() => inReward({ value: 'k1' }).contribution(scores, { referenceLogprob: [-1] }, 1)).toThrow(
      'referenceLogprob must have 2 entries, but has 1',
    )
    expect(() => inReward({ value: 'k1' }).contribution(scores, constants, -1)).toThrow('coefficient must be')
    expect(() => inReward({ value: 'k1' }).contribution(scores, { referenceLogprob: [-1, -Infinity] }, 1)).toThrow(
      'referenceLogprob[1] must be a finite number',
    )
  })

  it('options that do not exist, for callers without types', () => {
    expect(() => inReward({ value: 'k4' as 'k3' })).toThrow("value 'k4' is unknown")
    expect(() => inReward({ value: 'toString' as 'k3' })).toThrow("value 'toString' is unknown")
    expect(() => inReward({ value: 'k3', level: 'word' as 'token' })).toThrow(
      'level must be token or sequence, but is word',
    )
    expect(() => inLoss({ value: 'rao-blackwell', clamp: { value: 10 } })).toThrow('clamp must be absent')
  })

  it('handles samples without tokens', () => {
    const empty = { logprob: new Float64Array(0), referenceKl: new Float64Array(0) }
    const none = { referenceLogprob: [], samplingLogprob: [] }
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
