import { invalidArgument } from '@posttrain/core'

/** One of several choices. */
export interface Choice {
  readonly value: number
  readonly cost: number
}

/** Partial choices that are held at a time, at most. */
const MOST = 1_000_000

interface Partial extends Choice {
  readonly picks: readonly number[]
}

/**
 * Takes one choice of each list, so that the sum of values is greatest whose costs do not exceed the budget: the
 * multiple-choice knapsack. Exact: it goes from list to list and keeps the partial sums that no other beats on both
 * value and cost. Of equal values the cheapest is taken.
 *
 * @param lists of choices, none empty
 * @returns the place of the choice in each list
 * @throws PosttrainError `invalid-argument` where the cheapest choices exceed the budget, or for too many of them
 */
export function bestWithinBudget(lists: readonly (readonly Choice[])[], budget: number): readonly number[] {
  const cheapest = lists.map((choices) => Math.min(...choices.map(({ cost }) => cost)))
  const least = cheapest.reduce((sum, cost) => sum + cost, 0)
  const room = budget + 1e-9 * Math.abs(budget) // sums of costs are rounded
  if (least > room) {
    throw invalidArgument(`the cheapest choices cost ${least}, but the budget is ${budget}`, 'raise the budget')
  }
  let rest = least
  let front: readonly Partial[] = [{ value: 0, cost: 0, picks: [] }]
  lists.forEach((choices, place) => {
    rest -= cheapest[place]!
    if (front.length * choices.length > MOST) {
      throw invalidArgument(`${choices.length} choices in ${lists.length} bins are too many`, 'offer fewer choices')
    }
    const grown = front.flatMap(({ value, cost, picks }) =>
      choices.map((choice, i) => ({ value: value + choice.value, cost: cost + choice.cost, picks: [...picks, i] })),
    )
    front = undominated(grown.filter(({ cost }) => cost + rest <= room))
  })
  return front.at(-1)!.picks
}

/** Those that are worth more than everything cheaper, by ascending cost. */
function undominated(choices: Partial[]): readonly Partial[] {
  choices.sort((a, b) => a.cost - b.cost || b.value - a.value)
  let highest = -Infinity
  return choices.filter(({ value }) => {
    if (value <= highest) return false
    highest = value
    return true
  })
}
