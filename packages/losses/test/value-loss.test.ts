import { describe, expect, it } from 'vitest'
import { valueLoss } from '@posttrain/losses'

const evaluate = (value: number, returned: number, old?: number, clip?: number) => {
  const constants = { weight: 1, valueTarget: [returned], oldValue: old === undefined ? undefined : [old] }
  const scores = [{ value: Float64Array.of(value) }]
  const { value: loss, cotangents } = valueLoss({ clip }).evaluate(scores, [constants])
  return [loss, cotangents[0]!.value![0]!]
}

describe('valueLoss', () => {
  it('is half the squared error', () => {
    expect(evaluate(2, 5)).toEqual([4.5, -3])
  })

  it('with a clip, stops a value that has moved that far towards its return', () => {
    expect(evaluate(2, 5, 0, 1)).toEqual([8, 0])
    expect(evaluate(0.5, 5, 0, 1)).toEqual([10.125, -4.5])
    expect(evaluate(-2, 5, 0, 1)).toEqual([24.5, -7])
  })

  it('refuses what it cannot use', () => {
    expect(() => evaluate(2, 5, undefined, 1)).toThrow('sequence 0 has no oldValue')
    expect(() => valueLoss({ clip: -1 })).toThrow('clip')
    const scores = [{ logprob: Float64Array.of(-1) }]
    expect(() => valueLoss().evaluate(scores, [{ weight: 1, valueTarget: [1] }])).toThrow('the score value is missing')
    const valued = [{ ...scores[0]!, value: Float64Array.of(1) }]
    expect(() => valueLoss().evaluate(valued, [{ weight: 1 }])).toThrow('sequence 0 has no valueTarget')
  })
})
