import { invalidArgument, type RewardFunction } from '@posttrain/core'

/** What chooses must be there when the procedure is made: run, evaluate and train need the same. */
export function requireBy(procedure: string, by: RewardFunction | undefined): void {
  if (typeof by?.name === 'string' && typeof by.score === 'function') return
  throw invalidArgument(
    `${procedure} needs by, the reward function that it chooses by`,
    `for instance ${procedure}({ …, by: rewardModel }); a procedure that needs none is majorityVote`,
  )
}
