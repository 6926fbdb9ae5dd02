import * as z from 'zod'
import { askedAnswer } from './asked-answer.js'
import { parts, type OpenAiForm } from './form.js'

/** `/v1/completions`: one text at a time, and no tokens, which are of a vocabulary that nobody here knows. */
export const completions: OpenAiForm = {
  path: '/v1/completions',
  body: askedAnswer({ prompt: z.union([z.string(), z.tuple([z.string()])]) }, ({ prompt }) =>
    typeof prompt === 'string' ? prompt : prompt[0],
  ),
  prefix: 'cmpl-',
  object: 'text_completion',
  chunk: 'text_completion',
  choice: ({ index, text, finish_reason, posttrain }) => ({ index, text, logprobs: null, finish_reason, posttrain }),
  pieces: ({ index, text, finish_reason, posttrain }) => [
    ...parts(text).map((part) => ({ index, text: part, finish_reason: null })),
    { index, text: '', finish_reason, posttrain },
  ],
}
