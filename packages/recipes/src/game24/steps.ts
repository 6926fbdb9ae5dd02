/** The four operators, in the order of their tokens. */
export const OPERATORS = ['+', '-', '*', '/'] as const
export type Operator = (typeof OPERATORS)[number]

/** Largest number the model has a token for. */
export const LARGEST_NUMBER = 30

/** One step: two of the numbers become one. */
export interface Step {
  readonly a: number
  readonly operator: Operator
  readonly b: number
  /** The numbers that are left beside the result. */
  readonly rest: readonly number[]
  readonly result: number
}

/** The steps that combine a ≥ b into a whole number from 0 to LARGEST_NUMBER. */
export function combinations(a: number, b: number): { operator: Operator; result: number }[] {
  const found: { operator: Operator; result: number }[] = []
  if (a + b <= LARGEST_NUMBER) found.push({ operator: '+', result: a + b })
  found.push({ operator: '-', result: a - b })
  if (a * b <= LARGEST_NUMBER) found.push({ operator: '*', result: a * b })
  if (b > 0 && a % b === 0) found.push({ operator: '/', result: a / b })
  return found
}

/**
 * Every way to reach the target by whole-number steps, larger operand first; equal solutions once.
 *
 * @param numbers the numbers that are left
 */
export function solutions(numbers: readonly number[], target = 24): Step[][] {
  const found: Step[][] = []
  const pairs = new Set<string>()
  for (let i = 0; i < numbers.length; i++) {
    for (let j = i + 1; j < numbers.length; j++) {
      const a = Math.max(numbers[i]!, numbers[j]!)
      const b = Math.min(numbers[i]!, numbers[j]!)
      if (pairs.has(`${a} ${b}`)) continue
      pairs.add(`${a} ${b}`)
      const rest = numbers.filter((_, at) => at !== i && at !== j)
      for (const { operator, result } of combinations(a, b)) {
        const step: Step = { a, operator, b, rest, result }
        if (rest.length > 0) found.push(...solutions([...rest, result], target).map((later) => [step, ...later]))
        else if (result === target) found.push([step])
      }
    }
  }
  return found
}
