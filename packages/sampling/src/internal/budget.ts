import { getsFullBudget, invalidArgument, requireBudgetRules } from '@posttrain/core'
import type { BudgetRules, Sample, SamplingOptions, Task } from '@posttrain/core'

/** What one run has spent of what it may spend, by the rules of a person in charge. */
export class Budget {
  readonly #rules: BudgetRules
  readonly #isFull: boolean
  #samples = 0
  #tokens = 0

  /**
   * @param most samples that the procedure draws at most; absent where it has no such bound
   * @throws PosttrainError `invalid-argument` for rules that cannot be kept, also a floor above `most`
   */
  constructor(task: Task, rules: BudgetRules = {}, most: number = Infinity) {
    requireBudgetRules(rules)
    const { floor = {} } = rules
    if ((floor.samples ?? 0) > most) {
      throw invalidArgument(
        `every task gets at least ${floor.samples} samples by the rules, but the procedure draws at most ${most}`,
        'declare a procedure that draws more, or lower the floor',
      )
    }
    this.#rules = rules
    this.#isFull = getsFullBudget(task, rules)
  }

  /** Whether a rule may end the run now. */
  get mayStop(): boolean {
    const { samples = 0, tokens = 0 } = this.#rules.floor ?? {}
    return !this.#isFull && this.#samples >= samples && this.#tokens >= tokens
  }

  /** The cap that is reached, in words; undefined while there is room. */
  get reached(): string | undefined {
    const { samples = Infinity, tokens = Infinity } = this.#rules.cap ?? {}
    if (this.#samples >= samples) return `the cap of ${samples} samples`
    return this.#tokens >= tokens ? `the cap of ${tokens} tokens` : undefined
  }

  /** How many of the samples wanted may be drawn at once: under a cap of tokens one by one, so that it holds. */
  room(wanted: number): number {
    const { samples = Infinity, tokens } = this.#rules.cap ?? {}
    if (this.reached !== undefined) return 0
    return tokens === undefined ? Math.min(wanted, samples - this.#samples) : Math.min(wanted, 1)
  }

  /** The sampling options under the cap of tokens. */
  within(sampling: SamplingOptions = {}): SamplingOptions {
    const { tokens } = this.#rules.cap ?? {}
    if (tokens === undefined) return sampling
    return { ...sampling, maxTokens: Math.min(sampling.maxTokens ?? Infinity, tokens - this.#tokens) }
  }

  /** Tokens that the cap leaves. */
  get tokensLeft(): number {
    return (this.#rules.cap?.tokens ?? Infinity) - this.#tokens
  }

  /** @param count samples that these are, where some are only pieces of one */
  spend(samples: readonly Sample[], count: number = samples.length): void {
    this.#samples += count
    for (const { usage } of samples) this.#tokens += usage.completionTokens
  }
}
