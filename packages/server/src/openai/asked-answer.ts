import type { Amount, Prompt, SamplingOptions } from '@posttrain/core'
import * as z from 'zod'

/** What a client wants answered, whichever way it asked. */
export interface AskedAnswer {
  /** Name of a procedure. */
  readonly model: string
  readonly prompt: Prompt
  readonly tags: Readonly<Record<string, string>> | undefined
  /** Runs of the procedure, each a choice of the response. */
  readonly n: number
  /** Absent: every request has random streams of its own. */
  readonly seed: number | undefined
  readonly sampling: SamplingOptions
  /** What the client is willing to spend on a run. */
  readonly budget: Amount | undefined
  readonly stream: boolean
  readonly includeUsage: boolean
}

const count = z.int().min(1)

/** What chats and texts have in common; null says nothing, as in the protocol. */
const fields = {
  model: z.string(),
  n: count.max(128).nullish(),
  seed: z.int().nullish(),
  temperature: z.number().min(0).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: z.int().min(-1).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  max_tokens: count.nullish(),
  max_completion_tokens: count.nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1))]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  posttrain: z
    .strictObject({ budget: z.strictObject({ samples: count, tokens: count }).partial().optional() })
    .nullish(),
}
const common = z.looseObject(fields)

type Fields = z.output<typeof common>

/** A request of one form: the common fields and its own, which say the prompt. */
export const askedAnswer = <Own extends z.ZodRawShape>(
  own: Own,
  promptOf: (body: z.output<z.ZodObject<Own>>) => Prompt,
): z.ZodType<AskedAnswer> =>
  z
    .looseObject({ ...fields, ...own })
    .superRefine((body, context) => {
      for (const [name, isNeutral] of Object.entries(UNSUPPORTED)) {
        const value = (body as Readonly<Record<string, unknown>>)[name]
        if (value === undefined || value === null || isNeutral(value)) continue
        context.addIssue({ code: 'custom', path: [name], message: 'a procedure cannot serve it; leave it out' })
      }
    })
    .transform((body) => {
      const asked = body as unknown as Fields
      return {
        model: asked.model,
        prompt: promptOf(body as unknown as z.output<z.ZodObject<Own>>),
        tags: asked.metadata ?? undefined,
        n: asked.n ?? 1,
        seed: asked.seed ?? undefined,
        sampling: samplingOf(asked),
        budget: asked.posttrain?.budget,
        stream: asked.stream ?? false,
        includeUsage: asked.stream_options?.include_usage ?? false,
      }
    })

const isEmpty = (value: unknown): boolean => typeof value === 'object' && Object.keys(value as object).length === 0
const isZero = (value: unknown): boolean => value === 0
const never = (): boolean => false

/**
 * Fields that would change an answer and that no procedure can serve, each with what says nothing in it. To ignore them
 * would be to answer something else than what was asked.
 */
const UNSUPPORTED: Readonly<Record<string, (value: unknown) => boolean>> = {
  audio: never,
  best_of: (value) => value === 1,
  echo: (value) => value === false,
  frequency_penalty: isZero,
  function_call: (value) => value === 'none' || value === 'auto',
  functions: isEmpty,
  logit_bias: isEmpty,
  logprobs: (value) => value === false,
  modalities: (value) => Array.isArray(value) && value.every((one) => one === 'text'),
  prediction: never,
  presence_penalty: isZero,
  reasoning_effort: never,
  response_format: (value) => (value as { readonly type?: unknown }).type === 'text',
  suffix: (value) => value === '',
  tool_choice: (value) => value === 'none' || value === 'auto',
  tools: isEmpty,
  top_logprobs: isZero,
  web_search_options: never,
}

function samplingOf({ temperature, top_p, top_k, min_p, stop, ...asked }: Fields): SamplingOptions {
  const maxTokens = asked.max_completion_tokens ?? asked.max_tokens ?? undefined
  return {
    ...(temperature === undefined || temperature === null ? {} : { temperature }),
    ...(top_p ? { topP: top_p } : {}),
    ...(top_k && top_k > 0 ? { topK: top_k } : {}),
    ...(min_p ? { minP: min_p } : {}),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(stop ? { stop: typeof stop === 'string' ? [stop] : stop } : {}),
  }
}
