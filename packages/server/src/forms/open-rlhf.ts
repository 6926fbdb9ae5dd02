import type { Outcome } from '@posttrain/core'
import * as z from 'zod'
import { askedSample, type AskedSample } from '../asked-sample.js'
import { form, type Form } from '../form.js'
import { responseIn } from '../response-in.js'

const NO_PROMPT = 'the query does not begin with its prompt'

const body = z
  .looseObject({
    query: z.array(z.string()),
    prompts: z.array(z.string()).optional(),
    labels: z.array(z.unknown()).optional(),
  })
  .refine(
    ({ query, prompts, labels }) =>
      [prompts, labels].every((list) => list === undefined || list.length === query.length),
    {
      message: 'query, prompts and labels must be of one length',
    },
  )

/**
 * OpenRLHF's `--reward.remote_url`. It has no place for a sample without a score, so that it gets 0, and 1 in
 * `extra_logs.unscored`. `scores` are the rewards between 0 and 1, by which OpenRLHF filters prompts.
 */
export const openRlhf: Form = form({
  path: '/get_reward',
  body,
  async answer({ query, prompts = [], labels = [] }, { judge }, client) {
    const asked = query.map((text, i): AskedSample => {
      const prompt = prompts[i] ?? ''
      return askedSample({ prompt, response: responseIn(text, prompt), reference: labels[i], missing: NO_PROMPT })
    })
    const outcomes = await judge(asked, client)
    const rewards = outcomes.map(rewardOf)
    return {
      rewards,
      scores: rewards.map((reward) => Math.min(1, Math.max(0, reward))),
      extra_logs: query.length === 0 ? {} : { unscored: outcomes.map(({ kind }) => (kind === 'unscored' ? 1 : 0)) },
    }
  },
})

const rewardOf = (outcome: Outcome): number => (outcome.kind === 'scored' ? outcome.reward : 0)
