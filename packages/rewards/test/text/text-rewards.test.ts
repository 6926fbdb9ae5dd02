import fc from 'fast-check'
import type { RewardFunction, Sample } from '@posttrain/core'
import { rewardLaws } from '@posttrain/laws'
import { describe, expect, it } from 'vitest'
import {
  diversityReward,
  formatReward,
  keywordReward,
  lengthReward,
  noveltyReward,
  repetitionReward,
  scriptReward,
} from '@posttrain/rewards'
import { sampleOf } from '../sample.js'

const task = { id: 't', prompt: '?' }
async function rewards(reward: RewardFunction, ...texts: (string | Sample)[]): Promise<number[]> {
  const samples = texts.map((text, i) => (typeof text === 'string' ? sampleOf(text, i) : text))
  return (await reward.score(task, samples)).map((outcome) => (outcome.kind === 'scored' ? outcome.reward : NaN))
}

const text = fc.oneof(
  fc.constantFrom('<think>a b a b</think><answer>4</answer>', 'therefore 四', '', 'the cat sat on the cat'),
  fc.string({ maxLength: 30 }),
)
describe.each([
  formatReward(['think', 'answer']),
  lengthReward({ min: 2, max: 8, slack: 4, unit: 'characters' }),
  repetitionReward(2),
  scriptReward(['Latin']),
  keywordReward({ required: ['therefore', 'cat'], forbidden: ['sat'] }),
  noveltyReward(),
  diversityReward(1),
])('laws of $name', (reward) => {
  it.each(rewardLaws(reward, { task, text }))('$name', ({ property }) => fc.assert(property, { seed: 1 }))
})

describe('formatReward', () => {
  const format = formatReward(['think', 'answer'])
  it.each([
    ['<think>so</think>\n<answer>4</answer>', 1],
    [' <think>a\n\nb</think><answer> 4 </answer>\n', 1],
    ['<think>so</think><answer>4</answer> and more', 0],
    ['Sure! <think>so</think><answer>4</answer>', 0],
    ['<think>so</think> hm <answer>4</answer>', 0],
    ['<answer>4</answer><think>so</think>', 0],
    ['<think>so<answer>4</answer></think>', 0],
    ['<think>so</think><answer>4</answer><answer>5</answer>', 0],
    ['<think>x<think>so</think><answer>4</answer>', 0],
    ['<think></think><answer>4</answer>', 0],
    ['<think>so</think>', 0],
    ['', 0],
  ])('judges %j as %i', async (given, reward) => {
    expect(await rewards(format, given)).toEqual([reward])
  })

  it('refuses tags that are none', () => {
    expect(() => formatReward([])).toThrow('the tags of format must be one or more, each once, but are none')
    expect(() => formatReward(['a', 'a'])).toThrow('each once, but are a, a')
    expect(() => formatReward(['<a>'])).toThrow('"<a>" is no name of a tag')
  })
})

describe('lengthReward', () => {
  it('is 1 within its bounds and falls over the slack', async () => {
    const reward = lengthReward({ min: 2, max: 4, slack: 4, unit: 'characters' })
    expect(await rewards(reward, '', 'x', 'xx', 'xxxx', 'xxxxx', 'x'.repeat(7), 'x'.repeat(8))).toEqual([
      0.5, 0.75, 1, 1, 0.75, 0.25, 0,
    ])
    expect(await rewards(lengthReward({ max: 2, unit: 'characters' }), 'xx', 'xxx')).toEqual([1, 0])
  })

  it('counts words, also of Chinese, and the tokens that the policy chose', async () => {
    const three = lengthReward({ min: 3, max: 3, unit: 'words' })
    expect(await rewards(three, "it's 4 – really", '我是猫', '我是 cat', 'one two')).toEqual([1, 1, 1, 0])
    const tokens = { ...sampleOf('x'), tokens: [1, 2, 3], mask: Uint8Array.of(0, 1, 1) }
    expect(await rewards(lengthReward({ max: 2 }), tokens)).toEqual([1])
    expect(await rewards(lengthReward({ max: 1 }), tokens)).toEqual([0])
  })

  it('refuses bounds that exclude everything', () => {
    expect(() => lengthReward({ min: 3, max: 2 })).toThrow('max must be a number of at least min = 3, but is 2')
    expect(() => lengthReward({ slack: -1 })).toThrow('slack must be a finite number of at least 0, but is -1')
    expect(() => lengthReward({ unit: 'lines' as never })).toThrow('unit must be one of tokens, words, characters')
  })
})

describe('repetitionReward', () => {
  it('is the share of n-grams that are distinct', async () => {
    expect(await rewards(repetitionReward(2), 'a b c', 'a b a b a', 'A b a B', 'a', '')).toEqual([1, 0.5, 2 / 3, 1, 1])
    expect(await rewards(repetitionReward(), 'go on go on go on go on')).toEqual([1 / 3])
    expect(() => repetitionReward(0)).toThrow('n must be an integer of at least 1, but is 0')
  })
})

describe('scriptReward', () => {
  it('is the share of letters of the scripts', async () => {
    expect(await rewards(scriptReward(['Latin']), 'naïve 4 + 4', 'ab 四四', 'да', '12 + 3')).toEqual([1, 0.5, 0, 1])
    expect(await rewards(scriptReward(['Han', 'Hiragana']), '私の a b')).toEqual([0.5])
    expect(() => scriptReward([])).toThrow('language must have at least one script')
    expect(() => scriptReward(['English'])).toThrow('"English" is no script of Unicode')
  })
})

describe('keywordReward', () => {
  it('is the share of required words, and 0 with a forbidden one', async () => {
    const reward = keywordReward({ required: ['Therefore', 'last step'], forbidden: ['as an AI'] })
    expect(await rewards(reward, 'therefore, the LAST step.', 'the last', 'Therefore', 'therefore, as an AI!')).toEqual(
      [1, 0, 0.5, 0],
    )
    expect(await rewards(keywordReward({ forbidden: ['art'] }), 'a party', 'an art')).toEqual([1, 0])
    expect(() => keywordReward({})).toThrow('keywords has no keywords')
    expect(() => keywordReward({ required: ['!'] })).toThrow('"!" is no keyword')
  })
})

describe('noveltyReward', () => {
  it('adds up to the number of distinct answers', async () => {
    expect(await rewards(noveltyReward(), 'a', ' a', 'b', 'a')).toEqual([1 / 3, 1 / 3, 1, 1 / 3])
    const boxed = noveltyReward((sample) => /\[(.*)\]/.exec(sample.text)?.[1])
    expect(await boxed.score(task, ['x [1]', 'y [1]', 'z'].map(sampleOf))).toEqual([
      { kind: 'scored', reward: 0.5, answer: '1' },
      { kind: 'scored', reward: 0.5, answer: '1' },
      { kind: 'scored', reward: 0 },
    ])
  })
})

it('names the answerOf of novelty that fails', async () => {
  const failing = noveltyReward(() => {
    throw new Error('no answer here')
  })
  await expect(failing.score(task, [sampleOf('a')])).rejects.toThrow(
    'answerOf of novelty failed on task t: no answer here',
  )
})

describe('diversityReward', () => {
  it('is the mean Jaccard distance from the others', async () => {
    // {a b, b c} and {a b, b d} share one of three; c d e shares nothing.
    expect(await rewards(diversityReward(2), 'a b c', 'a b d', 'c d e')).toEqual([5 / 6, 5 / 6, 1])
    expect(await rewards(diversityReward(2), 'same words', 'same words')).toEqual([0, 0])
    expect(await rewards(diversityReward(2), 'a', 'b', 'a')).toEqual([0.5, 1, 0.5])
    expect(await rewards(diversityReward(2), 'alone here')).toEqual([1])
  })
})
