import { described, invalidArgument, type Procedure, type RewardFunction, type Sampler } from '@posttrain/core'
import { fieldsOf } from './problem-of.js'

/** What chooses must be there when the procedure is made: run, evaluate and train need the same. */
export function requireBy(procedure: string, by: RewardFunction | undefined): void {
  if (isReward(by)) return
  throw invalidArgument(
    `${procedure} needs by, the reward function that it chooses by`,
    `for instance ${procedure}({ …, by: rewardModel }); a procedure that needs none is majorityVote`,
  )
}

/** @throws PosttrainError `invalid-argument` for anything but a reward function, naming the option */
export function requireReward(option: string, reward: RewardFunction): void {
  if (isReward(reward)) return
  throw invalidArgument(`${option} is ${described(reward)}, not a reward function`, 'give { name, score }')
}

/** @throws PosttrainError `invalid-argument` for anything but a sampler, naming the option */
export function requireSampler(option: string, sampler: Sampler): void {
  if (has(sampler, 'sample')) return
  throw invalidArgument(`${option} is ${described(sampler)}, not a sampler`, 'give an object with a method sample')
}

/** @throws PosttrainError `invalid-argument` for anything but a procedure, naming the option */
export function requireProcedure(option: string, procedure: Procedure): void {
  if (has(procedure, 'run') && typeof fieldsOf(procedure)?.['name'] === 'string') return
  throw invalidArgument(`${option} is ${described(procedure)}, not a procedure`, 'give { name, run }')
}

/** @throws PosttrainError `invalid-argument` for anything but functions, naming the first option that is none */
export function requireFunctions(procedure: string, functions: Readonly<Record<string, unknown>>): void {
  for (const [option, given] of Object.entries(functions)) {
    if (typeof given === 'function') continue
    throw invalidArgument(`${procedure} needs ${option}, a function, but it is ${described(given)}`)
  }
}

const isReward = (value: unknown): boolean => has(value, 'score') && typeof fieldsOf(value)?.['name'] === 'string'

const has = (value: unknown, method: string): boolean => typeof fieldsOf(value)?.[method] === 'function'
