import { requireBudgetRules, type BudgetRules } from '@posttrain/core'
import type { Command } from 'commander'
import { tagValues } from './list-options.js'
import { integer } from './option-parsers.js'

/** The rules of the person in charge, on the command line. */
export interface RuleFlags {
  readonly floorSamples?: number | undefined
  readonly floorTokens?: number | undefined
  readonly capSamples?: number | undefined
  readonly capTokens?: number | undefined
  readonly always?: Readonly<Record<string, readonly string[]>> | undefined
}

/** Adds the options that bound what a task may cost. */
export const withRules = (command: Command): Command =>
  command
    .option('--floor-samples <n>', 'samples that every task gets before a rule may stop early', integer(0))
    .option('--floor-tokens <n>', 'the same in tokens', integer(0))
    .option('--cap-samples <n>', 'samples of a task, at most', integer(1))
    .option('--cap-tokens <n>', 'tokens of a task, at most', integer(1))
    .option('--always <tag=value>', 'tag whose tasks always get the full budget, repeatable', tagValues)

/**
 * The rules that were given.
 *
 * @throws PosttrainError `invalid-argument` for rules that cannot be kept
 */
export function rulesOf({ floorSamples, floorTokens, capSamples, capTokens, always }: RuleFlags): BudgetRules {
  const rules: BudgetRules = {
    floor: { samples: floorSamples, tokens: floorTokens },
    cap: { samples: capSamples, tokens: capTokens },
    always,
  }
  requireBudgetRules(rules)
  return rules
}
