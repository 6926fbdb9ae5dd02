import { fileURLToPath } from 'node:url'
import type { Outcome } from '@posttrain/core'
import { moduleReward } from '../../src/module-reward.js'

const { reward } = await moduleReward(fileURLToPath(new URL('digits-reward.mjs', import.meta.url)))

/** What the reward that is served says of a text. */
export async function digitsOf(text: string, reference: string): Promise<Outcome> {
  const usage = { promptTokens: 0, completionTokens: 0 }
  const sample = { id: 'a', taskId: 'a', index: 0, seed: 0, text, finish: 'stop', usage } as const
  return (await reward.score({ id: 'a', prompt: '', reference }, [sample]))[0]!
}
