/** What became of a sample, as far as a colour and a sign can say. */
export type SampleOutcome = 'right' | 'wrong' | 'between' | 'unscored'

/** 1 and above is right, 0 and below wrong, what lies between neither; without a reward a sample is unscored. */
export function outcomeOf(reward: number | null | undefined): SampleOutcome {
  if (reward === null || reward === undefined) return 'unscored'
  if (reward >= 1) return 'right'
  return reward <= 0 ? 'wrong' : 'between'
}

/** A sign beside the colour: colour alone would say nothing to many readers. */
export const outcomeSigns: Readonly<Record<SampleOutcome, string>> = {
  right: '✓',
  wrong: '✗',
  between: '◐',
  unscored: '–',
}

/** A reward in words: `reward 0.25`, or that there is none. */
export const describeReward = (reward: number | null | undefined): string =>
  reward === null || reward === undefined ? 'not scored' : `reward ${Number(reward.toPrecision(4))}`
