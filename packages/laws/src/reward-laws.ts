import fc from 'fast-check'
import type { Outcome, RewardFunction, Sample, Task } from '@posttrain/core'
import { requireThat } from './assertions.js'
import type { AsyncLaw } from './law.js'

/** What a reward function is given, and what it claims. */
export interface RewardClaims {
  readonly task: Task
  /** Completions to judge; mix right, wrong and nonsensical ones. */
  readonly text: fc.Arbitrary<string>
  /** Rewards are 0 or 1 (default false). */
  readonly binary?: boolean | undefined
}

const samplesOf = (task: Task, texts: readonly string[]): Sample[] =>
  texts.map((text, index) => ({
    id: task.id,
    taskId: task.id,
    index,
    seed: 0,
    text,
    finish: 'stop',
    usage: { promptTokens: 0, completionTokens: 0 },
  }))

/**
 * The laws of a reward function: one outcome per sample, each a finite reward or a reason; the same again the second
 * time; outcomes move with their samples; the same answer key has the same reward; and unless it says
 * `comparesSamples`, it gives a split group what it gives the whole, so that callers may split and cache.
 *
 * @returns named asynchronous fast-check properties
 */
export function rewardLaws(reward: RewardFunction, claims: RewardClaims): AsyncLaw[] {
  const { task, text, binary = false } = claims
  const texts = fc.array(text, { minLength: 1, maxLength: 6 })
  const score = (group: readonly string[]): Promise<readonly Outcome[]> => reward.score(task, samplesOf(task, group))
  const scoreSome = async (group: readonly string[]): Promise<readonly Outcome[]> =>
    group.length === 0 ? [] : score(group)
  const equal = (what: string, a: unknown, b: unknown): void =>
    requireThat(JSON.stringify(a) === JSON.stringify(b), () => `${what}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`)
  const laws: AsyncLaw[] = [
    {
      name: `${reward.name} gives one outcome per sample`,
      property: fc.asyncProperty(texts, async (group) => {
        const outcomes = await score(group)
        requireThat(outcomes.length === group.length, () => `${outcomes.length} outcomes for ${group.length} samples`)
        for (const outcome of outcomes) {
          if (outcome.kind === 'unscored') {
            requireThat(outcome.reason.length > 0, () => 'an unscored outcome has no reason')
            continue
          }
          requireThat(Number.isFinite(outcome.reward), () => `a reward is ${outcome.reward}`)
          requireThat(!binary || outcome.reward === 0 || outcome.reward === 1, () => `a reward is ${outcome.reward}`)
        }
      }),
    },
    {
      name: `${reward.name} repeats itself`,
      property: fc.asyncProperty(texts, async (group) =>
        equal('two scorings differ', await score(group), await score(group)),
      ),
    },
    {
      name: `${reward.name} does not depend on the order of samples`,
      property: fc.asyncProperty(texts, async (group) =>
        equal('reversed samples', [...(await score([...group].reverse()))].reverse(), await score(group)),
      ),
    },
    {
      name: `${reward.name} gives one answer one reward`,
      property: fc.asyncProperty(texts, async (group) => {
        const known = new Map<string, number>()
        for (const outcome of await score(group)) {
          if (outcome.kind === 'unscored' || outcome.answer === undefined) continue
          const before = known.get(outcome.answer)
          if (before !== undefined) equal(`rewards of the answer ${outcome.answer}`, outcome.reward, before)
          known.set(outcome.answer, outcome.reward)
        }
      }),
    },
  ]
  if (!reward.comparesSamples) {
    laws.push({
      name: `${reward.name} gives a split group what it gives the whole`,
      property: fc.asyncProperty(texts, fc.nat({ max: 5 }), async (group, at) => {
        const together = await score(group)
        const apart = [...(await scoreSome(group.slice(0, at))), ...(await scoreSome(group.slice(at)))]
        equal('the whole and its parts', together, apart)
      }),
    })
  }
  return laws
}
