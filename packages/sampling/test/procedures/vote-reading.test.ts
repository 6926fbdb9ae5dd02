import type { RewardFunction } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import {
  adaptiveVote,
  confidentVote,
  deepConf,
  exploreThenVote,
  majorityVote,
  sequentialTest,
  sequentialVoting,
  weightedMajorityVote,
} from '@posttrain/sampling'

const by: RewardFunction = { name: 'model', score: async () => [] }

/** Everything that votes, made with a reading. */
const VOTES: Readonly<Record<string, (reading: object) => unknown>> = {
  majorityVote: (reading) => majorityVote({ k: 3, ...reading }),
  weightedMajorityVote: (reading) => weightedMajorityVote({ k: 3, by, ...reading }),
  adaptiveVote: (reading) => adaptiveVote(reading),
  confidentVote: (reading) => confidentVote({ most: 8, ...reading }),
  sequentialVoting: (reading) => sequentialVoting(reading),
  sequentialTest: (reading) => sequentialTest({ most: 8, low: 0.4, high: 0.6, ...reading }),
  deepConf: (reading) => deepConf({ most: 8, ...reading }),
  exploreThenVote: (reading) => exploreThenVote({ budget: 10, ...reading }),
}

describe.each(Object.entries(VOTES))('%s', (name, make) => {
  it('refuses, when it is made, rules that there are not and a reading that is no function', () => {
    expect(() => make({ unparsed: 'skip' })).toThrow('unparsed must be one of abstain, vote, wrong')
    expect(() => make({ ties: 'random' })).toThrow('ties must be one of share, strict, first')
    expect(() => make({ answerOf: 'text' })).toThrow(`${name} needs answerOf, a function`)
    expect(make({ answerOf: () => '4' })).toBeTypeOf('object')
  })
})
