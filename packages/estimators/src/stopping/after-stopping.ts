import { invalidArgument, requireInteger, unsupported } from '@posttrain/core'
import type { Objective, ScoredOutcome } from '@posttrain/core'

/**
 * An unbiased estimate from samples whose number was chosen while looking at them.
 *
 * A rule that stops on what it sees favours some outcomes in the last samples, so the usual estimate over all of them
 * is biased. The first `fewest` samples, which the rule draws in any case, are an ordinary sample. The estimate uses
 * these alone.
 *
 * @param objective what to estimate
 * @param outcomes in the order they were drawn
 * @param fewest samples that the rule always draws before it may stop
 * @returns in the unit of the objective
 * @throws PosttrainError `unsupported` if the rule may stop too early for the objective, saying why
 * @example
 * ```ts
 * const outcomes = [1, 0, 0, 1].map((reward) => ({ kind: 'scored' as const, reward }))
 * estimateAfterStopping(meanObjective(), outcomes, 2) // => 0.5
 * ```
 */
export function estimateAfterStopping(
  objective: Objective,
  outcomes: readonly ScoredOutcome[],
  fewest: number,
): number {
  requireInteger('fewest', fewest, { min: 1, max: outcomes.length })
  const { name, k } = objective
  if (fewest < k) {
    throw unsupported(
      `${name} needs ${k} samples, but the rule may stop after ${fewest}: what was drawn beyond them was drawn because of ` +
        'how they turned out, and the two together are no ordinary sample',
      `let the rule draw at least ${k} samples before it may stop; of pass@k passAtKAfterStopping may know more`,
    )
  }
  return objective.estimate(outcomes.slice(0, fewest))
}

/** True if drawing ends after n samples of which c are correct. */
export type BinaryStoppingRule = (n: number, c: number) => boolean

/**
 * The unbiased estimate of pass@k after a stopping rule that looks at n and c, with all samples used.
 *
 * It is the share in which the first k hold a correct one, of all orders of outcomes that the rule would have let end
 * at (n, c) (Girshick, Mosteller & Savage 1946, https://doi.org/10.1214/aoms/1177731018). Without early stopping it is
 * `passAtK`; for a rule that stops at the first success it is 1 where that came by sample k, and 0 otherwise. A rule
 * may stop before k samples once one is correct, and never while none is: nobody then knows whether the first k hold
 * one.
 *
 * @param n samples drawn when the rule stopped
 * @param c how many of them are correct
 * @param k samples the deployed procedure draws
 * @param stops the rule; must hold at (n, c), and for no fewer than k samples of which none is correct
 * @returns a probability
 * @throws PosttrainError `unsupported` if the rule may stop before k samples with none correct; `invalid-argument` if
 *   it cannot end at (n, c)
 * @example
 * ```ts
 * const atFirstSuccess = (n: number, c: number) => c === 1 || n === 8
 * passAtKAfterStopping(5, 1, 2, atFirstSuccess) // => 0
 * passAtKAfterStopping(5, 1, 6, atFirstSuccess) // => 1
 * ```
 */
export function passAtKAfterStopping(n: number, c: number, k: number, stops: BinaryStoppingRule): number {
  requireInteger('k', k, { min: 1 })
  requireInteger('n', n, { min: 1 })
  requireInteger('c', c, { min: 0, max: n })
  for (let drawn = 1; drawn < k; drawn++) {
    if (!stops(drawn, 0)) continue
    throw unsupported(
      `pass@${k} has no unbiased estimate: the rule may stop after ${drawn} samples with none correct`,
      `let the rule draw at least ${k} samples while none is correct`,
    )
  }
  if (!stops(n, c)) throw invalidArgument(`the rule does not stop after ${n} samples with ${c} correct`)
  // Weights of the orders that reach each count without having stopped, and of those with none correct among the first
  // k. Every order that ends at (n, c) has the same weight, whatever the odds; these keep clear of underflow.
  const right = c / n
  let orders = [1]
  let missed = [1]
  for (let drawn = 1; drawn <= n; drawn++) {
    const goesOn = (count: number): boolean => drawn === 1 || !stops(drawn - 1, count)
    const extend = (paths: readonly number[], maySucceed: boolean): number[] =>
      Array.from({ length: drawn + 1 }, (_, count) => {
        const fails = count < drawn && goesOn(count) ? paths[count]! * (1 - right) : 0
        const succeeds = count > 0 && maySucceed && goesOn(count - 1) ? paths[count - 1]! * right : 0
        return fails + succeeds
      })
    orders = extend(orders, true)
    missed = extend(missed, drawn > k)
  }
  if (orders[c] === 0)
    throw invalidArgument(`no order of samples lets the rule end after ${n} samples with ${c} correct`)
  return 1 - missed[c]! / orders[c]!
}
