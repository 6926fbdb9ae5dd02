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

/**
 * The reward that a module exports as `default`, and the module's text.
 *
 * @param path of the module
 * @throws PosttrainError `invalid-argument` for a module that cannot be loaded or exports something else; `unsupported`
 *   for a reward that compares the samples of a task
 */
export async function moduleReward(
  path: string,
): Promise<{ readonly reward: RewardFunction; readonly source: string }> {
  const source = textOf(path)
  const reward = rewardOf(await loaded(path), path)
  if (!reward.comparesSamples) return { reward, source }
  throw unsupported(`the reward of ${shown(path)} compares the samples of a task, but rows are judged one by one`)
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
