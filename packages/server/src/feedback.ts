import { PosttrainError } from '@posttrain/core'
import type { SplitCanary } from '@posttrain/sampling'
import * as z from 'zod'
import { Refusal } from './refusal.js'
import type { Post } from './web-app.js'

const body = z.strictObject({ run: z.string(), reward: z.number() })

/** What users or a judge say of a run: its reward, once. */
export const feedback = (canary: SplitCanary): Post => ({
  path: '/v1/feedback',
  body,
  answer: async (given) => {
    const { run, reward } = given as z.output<typeof body>
    if (!settled(canary, run, reward)) {
      const hint = 'send the run of a choice of the model canary, each once; a judge may have been first'
      throw new Refusal(404, 'run-not-found', 'no such run waits for its reward', { hint })
    }
    return Response.json({ settled: run })
  },
})

function settled(canary: SplitCanary, run: string, reward: number): boolean {
  try {
    return canary.settle(run, reward)
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    throw new Refusal(422, error.code, error.message, { hint: error.hint })
  }
}
