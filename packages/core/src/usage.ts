/** What a request or a judgement cost. */
export interface Usage {
  /** Tokens read: prompt and prefix. */
  readonly promptTokens: number
  /** Tokens drawn. */
  readonly completionTokens: number
  /** Money, in the unit of whoever set the prices. Absent: not known. */
  readonly cost?: number | undefined
}

/** Nothing was read, drawn or paid. */
export const NO_USAGE: Usage = { promptTokens: 0, completionTokens: 0, cost: 0 }

/**
 * The sum of usages; the cost of a sum with an unknown part is unknown.
 *
 * @example
 * ```ts
 * addUsage([{ promptTokens: 3, completionTokens: 4 }, NO_USAGE]) // => { promptTokens: 3, completionTokens: 4 }
 * ```
 */
export function addUsage(parts: readonly Usage[]): Usage {
  let [promptTokens, completionTokens] = [0, 0]
  let cost: number | undefined = 0
  for (const part of parts) {
    promptTokens += part.promptTokens
    completionTokens += part.completionTokens
    cost = cost === undefined || part.cost === undefined ? undefined : cost + part.cost
  }
  return cost === undefined ? { promptTokens, completionTokens } : { promptTokens, completionTokens, cost }
}
