import { described, invalidArgument, type Procedure } from '@posttrain/core'
import { fieldsOf } from '../checks/problem-of.js'
import type { Allocation } from './allocation.js'

export function isAllocation(value: Procedure | Allocation): value is Allocation {
  const { name, runAll } = fieldsOf(value) ?? {}
  return typeof name === 'string' && typeof runAll === 'function'
}

/** @throws PosttrainError `invalid-argument` for anything but an allocation, naming the option */
export function requireAllocation(option: string, allocation: Allocation): void {
  if (isAllocation(allocation)) return
  throw invalidArgument(`${option} is ${described(allocation)}, not an allocation`, 'give { name, runAll }')
}
