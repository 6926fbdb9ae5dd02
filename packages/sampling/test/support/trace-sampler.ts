import { textOf, type Sample, type Sampler, type SampleRequest } from '@posttrain/core'

/** What a model says in a trace: a token per confidence, and at the end the answer. */
export interface ScriptedTrace {
  /** Of each token. */
  readonly confidences: readonly number[]
  readonly answer: string
}

/** The number of the trace that a request is for, and at which token it begins. */
function placeOf({ task, id = task.id, firstIndex = 0, prefix = [] }: SampleRequest): { trace: number; from: number } {
  const { length } = textOf(prefix)
  return id.startsWith('[')
    ? { trace: Number((JSON.parse(id) as unknown[])[2]), from: length }
    : { trace: firstIndex, from: 0 }
}

const provenance = { engine: 'script', dtype: 'f64', weights: 'w' } as const

/**
 * A sampler that reads traces off a script, the last one again and again, and continues a prefix of one: a token is a
 * letter of the text, and the last of them the answer. An answer `!` is a sample that fails, and `?` one without
 * log-probs of likeliest tokens.
 */
export function traceSampler(traces: readonly ScriptedTrace[]): Sampler & { readonly requests: SampleRequest[] } {
  const requests: SampleRequest[] = []
  return {
    requests,
    topLogprobs: 1,
    async *sample(asked) {
      requests.push(...asked)
      for (const request of asked) {
        for (let i = 0; i < request.count; i++)
          yield drawn(traces, { ...request, firstIndex: (request.firstIndex ?? 0) + i })
      }
    },
  }
}

function drawn(traces: readonly ScriptedTrace[], request: SampleRequest): Sample {
  const { task, id = task.id, seed, prefix = [], firstIndex: index = 0, maxTokens = Infinity } = request
  const { trace, from } = placeOf(request)
  const { confidences, answer } = traces[Math.min(trace, traces.length - 1)]!
  const own = { id, taskId: task.id, index, seed }
  if (answer === '!')
    return { ...own, text: '', finish: 'failed', failure: '503', usage: { promptTokens: 1, completionTokens: 0 } }
  const read = confidences.slice(from, from + maxTokens)
  const isAll = from + read.length === confidences.length
  const said = read.map((_, t) => (isAll && t === read.length - 1 ? answer : '.')).join('')
  const text = textOf(prefix) + said
  const tokens = [...text].map((letter) => letter.charCodeAt(0))
  const values = read.map(() => -0.5)
  return {
    ...own,
    text,
    tokens,
    textEnds: tokens.map((_, t) => t + 1),
    ...(from > 0 && { mask: Uint8Array.from(tokens, (_, t) => Number(t >= from)) }),
    logprobs: { values, ...(answer !== '?' && { top: read.map((c) => [-c]) }), provenance, drawn: {} },
    finish: isAll ? 'stop' : 'length',
    usage: { promptTokens: 1 + from, completionTokens: read.length },
  }
}
