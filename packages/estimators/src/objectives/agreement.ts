import { sum } from '@posttrain/core'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { requireUnparsed } from '../vote-rules.js'
import type { UnparsedPolicy } from '../vote-rules.js'
import { votersByAnswer } from '../votes/voters-by-answer.js'
import { checkedObjective } from './checked-objective.js'

/** What samples without an answer agree with. */
export interface AgreementObjectiveOptions {
  /** Under `vote` they agree with each other; otherwise with nobody (default `abstain`). */
  readonly unparsed?: UnparsedPolicy | undefined
}

/** (samples): how many others gave the same answer. */
function companionsOf(outcomes: readonly ScoredOutcome[], unparsed: UnparsedPolicy): Float64Array {
  const companions = new Float64Array(outcomes.length)
  const answers = outcomes.map(({ answer }) => answer)
  for (const { voters } of votersByAnswer(answers, unparsed)) {
    for (const i of voters) companions[i] = voters.length - 1
  }
  return companions
}

/**
 * The probability that two samples give the same answer, right or wrong: Σₐ nₐ(nₐ − 1) / (n(n − 1)).
 *
 * It is how consistent a model is, without bias from two samples on. The share of the modal answer is not: among few
 * samples it is too high, and the more so the fewer there are. Advantages are leave-one-out, (2/n)·(share of the
 * others that agree with i − agreement among the others).
 *
 * @param options what samples without an answer agree with
 * @returns an objective named `agreement` with k = 2; its advantages need three samples
 * @throws PosttrainError `invalid-argument` for an unknown rule
 * @example
 * ```ts
 * const outcomes = [...'AAB'].map((answer) => ({ kind: 'scored' as const, reward: 0, answer }))
 * agreementObjective().estimate(outcomes) // => 0.3333
 * ```
 */
export function agreementObjective({ unparsed = 'abstain' }: AgreementObjectiveOptions = {}): Objective {
  requireUnparsed(unparsed)
  return checkedObjective({
    name: 'agreement',
    k: 2,
    minimumSamples: 3,
    read: (outcomes) => companionsOf(outcomes, unparsed),
    estimate: (companions) => sum(companions) / (companions.length * (companions.length - 1)),
    advantages(companions) {
      const n = companions.length
      const ordered = sum(companions)
      return Array.from(companions, (own) => (2 / n) * (own / (n - 1) - (ordered - 2 * own) / ((n - 1) * (n - 2))))
    },
  })
}
