import type { Message } from '@posttrain/core'
import * as z from 'zod'
import { message } from '../message-text.js'
import { askedAnswer } from './asked-answer.js'
import { parts, type OpenAiForm } from './form.js'

const messages = z
  .array(message)
  .min(1)
  .refine((chat: readonly Message[]) => chat.at(-1)?.role !== 'assistant', {
    message: 'the last message is the assistant’s own, but a procedure begins its answers itself',
  })

/** `/v1/chat/completions`. */
export const chatCompletions: OpenAiForm = {
  path: '/v1/chat/completions',
  body: askedAnswer({ messages }, (body) => body.messages),
  prefix: 'chatcmpl-',
  object: 'chat.completion',
  chunk: 'chat.completion.chunk',
  choice: ({ index, text, refusal, finish_reason, posttrain }) => ({
    index,
    message: { role: 'assistant', content: text, refusal },
    logprobs: null,
    finish_reason,
    posttrain,
  }),
  pieces: ({ index, text, refusal, finish_reason, posttrain }) => {
    const deltas = [{ role: 'assistant', content: '' }, ...parts(text).map((content) => ({ content }))]
    return [
      ...deltas.map((delta) => ({ index, delta, finish_reason: null })),
      { index, delta: refusal === null ? {} : { refusal }, finish_reason, posttrain },
    ]
  },
}
