import type { Outcome } from '@posttrain/core'
import * as z from 'zod'
import { askedSample } from '../asked-sample.js'
import { form, type Form } from '../form.js'
import { contentSchema, promptSchema } from '../message-text.js'

const request = z.looseObject({
  responses_create_params: z.looseObject({ input: promptSchema.optional() }),
  response: z.looseObject({
    output: z.array(z.looseObject({ type: z.string(), content: contentSchema.optional() })),
  }),
  reference: z.unknown().optional(),
  expected_answer: z.unknown().optional(),
  verifier_metadata: z.looseObject({ unit_tests: z.unknown().optional() }).nullish(),
})

/** The request as it came, which the answer repeats, and what is read of it. */
const body = z.looseObject({}).transform((asked, context) => {
  const read = request.safeParse(asked)
  if (read.success) return { asked, read: read.data }
  for (const { path, message } of read.error.issues)
    context.issues.push({ code: 'custom', path, message, input: asked })
  return z.NEVER
})

/**
 * `/verify` of a resources server of NeMo Gym: the request comes back with its reward. A sample that could not be
 * judged is masked.
 */
export const verify: Form = form({
  path: '/verify',
  body,
  async answer({ asked, read }, { judge }, client) {
    const { responses_create_params, response, reference, expected_answer, verifier_metadata } = read
    const messages = response.output.filter(({ type }) => type === 'message')
    const sample = askedSample({
      prompt: responses_create_params.input,
      response: messages.length === 0 ? undefined : messages.map(({ content = '' }) => content).join(''),
      reference: reference ?? expected_answer ?? verifier_metadata?.unit_tests ?? verifier_metadata,
    })
    const [outcome] = await judge([sample], client)
    return { ...asked, ...said(outcome!) }
  },
})

const said = (outcome: Outcome): object =>
  outcome.kind === 'scored'
    ? { reward: outcome.reward, mask_sample: false }
    : { reward: 0, mask_sample: true, failure_kind: 'verifier_error', failure_reason: outcome.reason }

/** `/seed_session`, which agents call before a rollout; nothing is kept of it. */
export const seedSession: Form = form({
  path: '/seed_session',
  body: z.looseObject({ resources_session_id: z.string().optional() }),
  answer: async ({ resources_session_id }) => (resources_session_id === undefined ? {} : { resources_session_id }),
})

/** `/close_session`. */
export const closeSession: Form = form({
  path: '/close_session',
  body: z.looseObject({ resources_session_id: z.string() }),
  answer: async ({ resources_session_id }) => ({ resources_session_id }),
})
