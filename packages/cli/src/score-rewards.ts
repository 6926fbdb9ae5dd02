import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  described,
  invalidArgument,
  reasonOf,
  shown,
  systemReason,
  unsupported,
  type RewardFunction,
} from '@posttrain/core'
import { mathReward } from '@posttrain/math-verifier'
import { game24SolutionReward } from '@posttrain/recipes'

/** A reward that has a name on the command line. */
interface NamedReward {
  /** What it judges, for the help. */
  readonly title: string
  readonly make: () => RewardFunction
}

/** The rewards that `--reward` takes by name; any other is a module. */
export const SCORE_REWARDS: Readonly<Record<string, NamedReward>> = {
  math: { title: 'the answer of a solution equals the reference, in LaTeX or plain', make: () => mathReward() },
  game24: { title: 'an expression or trace makes 24 of the numbers of the reference', make: game24SolutionReward },
}

/** A reward, and what it is made of: another text means that other rewards may come. */
export interface ChosenReward {
  readonly reward: RewardFunction
  readonly source: string
}

/**
 * The reward of a name, or the one that a module exports as `default`.
 *
 * @param name for instance `math` or `./reward.js`
 * @throws PosttrainError `invalid-argument` for a name that is not known and a module that cannot be loaded or exports
 *   something else; `unsupported` for a reward that compares the samples of a task
 */
export async function chosenReward(name: string): Promise<ChosenReward> {
  const named = Object.hasOwn(SCORE_REWARDS, name) ? SCORE_REWARDS[name] : undefined
  if (named !== undefined) return { reward: named.make(), source: name }
  const known = Object.keys(SCORE_REWARDS).join(', ')
  if (!/[./\\]/.test(name)) {
    throw invalidArgument(`there is no reward ${shown(name)}`, `choose ${known}, or a module such as ./reward.js`)
  }
  const source = textOf(name)
  const reward = rewardOf(await loaded(name), name)
  if (!reward.comparesSamples) return { reward, source }
  throw unsupported(`the reward of ${shown(name)} compares the samples of a task, but rows are judged one by one`)
}

function textOf(module: string): string {
  try {
    return readFileSync(module, 'utf8')
  } catch (error) {
    throw invalidArgument(`cannot read the reward ${shown(module)}: ${systemReason(error)}`, 'check the path')
  }
}

async function loaded(module: string): Promise<unknown> {
  try {
    return ((await import(pathToFileURL(resolve(module)).href)) as { readonly default?: unknown }).default
  } catch (error) {
    throw invalidArgument(
      `cannot load the reward ${shown(module)}: ${reasonOf(error)}`,
      'it must be a module of JavaScript',
    )
  }
}

function rewardOf(exported: unknown, module: string): RewardFunction {
  const { name, score } = (typeof exported === 'object' && exported !== null ? exported : {}) as Partial<RewardFunction>
  if (typeof name === 'string' && typeof score === 'function') return exported as RewardFunction
  throw invalidArgument(
    `${shown(module)} exports no reward by default, but ${exported === undefined ? 'nothing' : described(exported)}`,
    'write export default { name, score }, a RewardFunction',
  )
}
