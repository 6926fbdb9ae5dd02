import type { Outcome } from '@posttrain/core'
import * as z from 'zod'
import { askedSample } from '../asked-sample.js'
import { form, type Form } from '../form.js'
import { promptSchema, responseSchema } from '../message-text.js'

const body = z.looseObject({
  samples: z.array(
    z.looseObject({
      task_id: z.union([z.string(), z.number()]).transform(String).optional(),
      prompt: promptSchema.optional(),
      response: responseSchema,
      reference: z.unknown().optional(),
    }),
  ),
})

/** Our own form, in which nothing is lost: a batch of samples, and of each its reward or why it has none. */
export const score: Form = form({
  path: '/score',
  body,
  async answer({ samples }, { judge }, client) {
    const outcomes = await judge(
      samples.map(({ task_id, prompt, response, reference }) =>
        askedSample({ id: task_id, prompt, response, reference }),
      ),
      client,
    )
    return { outcomes: outcomes.map(said) }
  },
})

const said = (outcome: Outcome): object => ({
  reward: outcome.kind === 'scored' ? outcome.reward : null,
  ...(outcome.kind === 'unscored' && { unscored: outcome.reason }),
  ...(outcome.answer !== undefined && { answer: outcome.answer }),
  ...(outcome.parts && { parts: outcome.parts }),
  ...(outcome.usage && { judging: outcome.usage }),
})
