import { invalidArgument, invalidData, type Objective } from '@posttrain/core'
import { familyOf, parseObjective, type ObjectiveFamily, type VoteRules } from '@posttrain/estimators'
import type { TaskLog } from './task-log.js'

/** The part of an outcome that a log's proxy is. */
export const PROXY = 'proxy'

/** Families that read rewards as right and wrong. */
const BINARY: readonly (ObjectiveFamily | undefined)[] = ['pass@', 'pass^', 'G-Pass@', 'mG-Pass@']

/** Families of votes that weigh. */
const WEIGHED: readonly (ObjectiveFamily | undefined)[] = ['weighted-maj@', 'borda@', 'logprob-maj@']

/** Families that read answers. */
const VOTES: readonly (ObjectiveFamily | undefined)[] = ['maj@', ...WEIGHED, 'agreement']

/**
 * Whether an objective of this name reads answers, so that a log must be read with them.
 *
 * @param name as `parseObjective` reads it
 * @example
 * ```ts
 * readsAnswers('maj@8') // => true
 * readsAnswers('pass@8') // => false
 * ```
 */
export const readsAnswers = (name: string): boolean => VOTES.includes(familyOf(name))

/** Whether an objective needs rewards of 0 and 1. */
export const isBinary = ({ name }: Objective): boolean => BINARY.includes(familyOf(name))

/** Whether an objective reads the log's proxies. */
export const readsProxy = ({ reads = [] }: Objective): boolean => reads.includes(PROXY)

/**
 * Objectives as a log can be asked for them: a choice is by the proxy where the log has proxies and the name says
 * nothing else, otherwise by the reward; the weights of votes are the proxies.
 *
 * @param asked names, as `parseObjective` reads them, or objectives
 * @returns objectives of the names that were asked for, in their order
 * @throws PosttrainError `invalid-argument` for an unknown name
 */
export function objectivesOf(
  asked: readonly (string | Objective)[],
  log: TaskLog,
  { ties, unparsed }: VoteRules,
): readonly Objective[] {
  return asked.map((one) => {
    if (typeof one !== 'string') return one
    // Votes that weigh need proxies; where a log has none that is what is said of it.
    const by = log.totals.proxied > 0 || WEIGHED.includes(familyOf(one)) ? PROXY : undefined
    return { ...parseObjective(one, { ties, unparsed, by }), name: one }
  })
}

/**
 * Requires that a log has what an objective reads.
 *
 * @throws PosttrainError `invalid-data` for a log without answers or proxies; `invalid-argument` for one that was read
 *   without answers, or a part that no log has
 */
export function requireReadable(objective: Objective, log: TaskLog): void {
  requireAnswers(objective, log)
  requireParts(objective, log)
}

function requireAnswers({ name }: Objective, { totals }: TaskLog): void {
  if (!readsAnswers(name) || (totals.answered > 0 && totals.keepsAnswers)) return
  if (totals.answered > 0) {
    throw invalidArgument(`${name} needs answers, but the log was read without them`, 'read it with keepAnswers: true')
  }
  throw invalidData(
    `${name} needs answers, but no sample has one`,
    'give rows an answer, or rows of a whole task answers',
  )
}

function requireParts({ name, reads = [] }: Objective, { totals }: TaskLog): void {
  const other = reads.find((part) => part !== PROXY)
  if (other !== undefined) {
    throw invalidArgument(
      `${name} reads the part ${other}, which no log has`,
      `the one part of a log is ${PROXY}; log what chooses as proxy`,
    )
  }
  if (reads.length > 0 && totals.proxied === 0) {
    throw invalidData(
      `${name} needs proxies, but no sample has one`,
      'give rows a proxy, or rows of a whole task proxies',
    )
  }
}
