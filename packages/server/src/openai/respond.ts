import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { refusalBody } from '../refusal.js'
import type { AskedAnswer } from './asked-answer.js'
import { usageField, type Choice } from './choice.js'
import { unixTime, type OpenAiForm } from './form.js'

/** Milliseconds between signs of life while a stream waits: proxies end what is silent for a minute. */
const SIGN_OF_LIFE = 15_000

/** A whole response, once all choices are decided. */
export async function wholeResponse(
  form: OpenAiForm,
  asked: AskedAnswer,
  decided: readonly Promise<Choice>[],
): Promise<Response> {
  const choices = await Promise.all(decided)
  return Response.json({
    ...head(form, asked, form.object),
    choices: choices.map(form.choice),
    usage: usageField(choices),
  })
}

/** A stream of server-sent events, in which a choice is said as soon as it is decided. */
export function streamedResponse(
  form: OpenAiForm,
  {
    asked,
    decided,
    context,
    onEnd,
  }: { asked: AskedAnswer; decided: readonly Promise<Choice>[]; context: Context; onEnd: () => void },
): Response {
  const common = head(form, asked, form.chunk)
  return streamSSE(context, async (stream) => {
    const say = (data: object): Promise<void> => stream.writeSSE({ data: JSON.stringify(data) })
    const life = setInterval(() => void stream.write(': waiting\n\n'), SIGN_OF_LIFE)
    try {
      const choices = await Promise.all(
        decided.map(async (one) => {
          const choice = await one
          for (const piece of form.pieces(choice)) await say({ ...common, choices: [piece] })
          return choice
        }),
      )
      if (asked.includeUsage) await say({ ...common, choices: [], usage: usageField(choices) })
      await stream.writeSSE({ data: '[DONE]' })
    } catch (error) {
      await say(refusalBody(error)) // the status has been sent: clients read the error here
    } finally {
      clearInterval(life)
      onEnd()
    }
  })
}

const head = ({ prefix }: OpenAiForm, { model }: AskedAnswer, object: string) => ({
  id: `${prefix}${randomUUID()}`,
  object,
  created: unixTime(),
  model,
})
