import type { ScoredOutcome } from '@posttrain/core'
import type { GroupValue } from './enumerate.js'

/** The mean reward of the samples. */
export const meanValue: GroupValue = (outcomes) =>
  outcomes.reduce((sum, { reward }) => sum + reward, 0) / outcomes.length

/** The best reward of the samples; with rewards 0 and 1, whether any is correct. */
export const bestValue: GroupValue = (outcomes) => Math.max(...outcomes.map(({ reward }) => reward))

/** The worst reward of the samples; with rewards 0 and 1, whether all are correct. */
export const worstValue: GroupValue = (outcomes) => Math.min(...outcomes.map(({ reward }) => reward))

/** 1 if at least `needed` of the samples have reward 1. */
export const atLeastValue =
  (needed: number): GroupValue =>
  (outcomes) =>
    outcomes.filter(({ reward }) => reward === 1).length >= needed ? 1 : 0

/**
 * The reward of the plurality answer, by counting: the mean over the samples that gave the winning answer; of several
 * winners their mean (`share`), 0 (`strict`) or the first to appear (`first`).
 */
export const pluralityValue =
  ({
    ties = 'share',
    unparsed = 'abstain',
  }: {
    ties?: 'share' | 'strict' | 'first' | undefined
    unparsed?: 'abstain' | 'vote' | 'wrong' | undefined
  } = {}): GroupValue =>
  (outcomes) => {
    const votes = new Map<string, number[]>()
    outcomes.forEach((outcome, i) => {
      const key = ballot(outcome, unparsed, i)
      if (key === undefined) return
      const wrong = outcome.answer === undefined && unparsed === 'wrong'
      votes.set(key, [...(votes.get(key) ?? []), wrong ? 0 : outcome.reward])
    })
    const most = Math.max(0, ...[...votes.values()].map((rewards) => rewards.length))
    const winners = [...votes.values()].filter((rewards) => rewards.length === most)
    if (winners.length === 0 || (ties === 'strict' && winners.length > 1)) return 0
    const worth = winners.map((rewards) => rewards.reduce((a, b) => a + b, 0) / rewards.length)
    return ties === 'first' ? worth[0]! : worth.reduce((a, b) => a + b, 0) / worth.length
  }

const ballot = ({ answer }: ScoredOutcome, unparsed: string, index: number): string | undefined => {
  if (answer !== undefined) return `=${answer}`
  if (unparsed === 'abstain') return undefined
  return unparsed === 'vote' ? 'unparsed' : `unparsed ${index}`
}
