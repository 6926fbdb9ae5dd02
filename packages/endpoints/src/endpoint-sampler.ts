import {
  abortable,
  createStream,
  invalidArgument,
  PosttrainError,
  requireFinite,
  requireInteger,
} from '@posttrain/core'
import type { CallOptions, LogprobProvenance, Sample, Sampler, SampleRequest } from '@posttrain/core'
import { endpointDialects, type EndpointAbilities, type EndpointDialect } from './abilities.js'
import { probeEndpoint } from './probe-endpoint.js'
import { samplesOf, type Prices, type SampleOptions } from './sampler/choice-samples.js'
import { drawsOf } from './sampler/draws-of.js'
import { readChoices } from './sampler/read-choices.js'
import { requestBody, type BodyOptions, type Draw, type EndpointApi } from './sampler/request-body.js'
import { streamOf, type Handing } from './sampler/stream-of.js'
import { connect, type ConnectionOptions } from './server/connection.js'
import { EndpointFailure } from './server/endpoint-failure.js'
import { makeTurns } from './server/turns.js'
import { withRetries } from './server/with-retries.js'

/** A model behind an OpenAI-compatible server, and how it is asked. */
export interface EndpointSamplerOptions extends ConnectionOptions {
  readonly model: string
  /** `chat` (default) or `completions`, which takes texts alone. A text prompt is a message of the user in a chat. */
  readonly api?: EndpointApi | undefined
  /** What the server does, by its name or as `probeEndpoint` found (default: it is probed before the first draw). */
  readonly abilities?: EndpointDialect | EndpointAbilities | undefined
  /** Whether to ask for log-probs, where it is known what they are of (default false). */
  readonly logprobs?: boolean | undefined
  /**
   * Asks for log-probs, and for those of that many of the likeliest tokens at each place, which go to `logprobs.top`;
   * servers have a bound, mostly 20. A place may have fewer, and a sample for which the server gives none has no `top`
   * (default: they are not asked for).
   */
  readonly topLogprobs?: number | undefined
  /** Requests at the same time (default 16). */
  readonly concurrency?: number | undefined
  /** Default: as many as there are. */
  readonly requestsPerMinute?: number | undefined
  /** How often a request is tried before its samples fail (default 6). */
  readonly attempts?: number | undefined
  /** Absent: the cost of samples is not known. */
  readonly prices?: Prices | undefined
}

/**
 * A sampler on an OpenAI-compatible server: vLLM, SGLang, llama.cpp, transformers, hosted ones.
 *
 * Requests are tried again after 408, 409, 425, 429, all from 500 on, broken connections, time-outs and answers that
 * cannot be read, with growing waits or those that `Retry-After` asks for. Choices that are missing are asked for
 * again. What cannot be had comes as `failed` with the reason. Once anything has succeeded, a request that the server
 * calls wrong fails alone.
 *
 * @throws PosttrainError `invalid-argument` for what is no URL or out of range; at the first pull `unsupported` for
 *   what the server cannot do, `sampler-failed` for what would fail every request, such as a wrong key or model
 * @example
 * ```ts
 * const choices = [{ index: 0, message: { content: '42' }, finish_reason: 'stop' }]
 * const usage = { prompt_tokens: 9, completion_tokens: 1 }
 * const fetch = async () => Response.json({ choices, usage })
 * const sampler = endpointSampler({ url: 'http://localhost:8000', model: 'any', abilities: 'any', fetch })
 * for await (const { text } of sampler.sample([{ task: { id: 'a', prompt: '6 · 7 =' }, count: 1, seed: 0 }])) {
 *   text // => '42'
 * }
 * ```
 */
export function endpointSampler(options: EndpointSamplerOptions): Sampler {
  const { model, api = 'chat', topLogprobs, prices, concurrency = 16, requestsPerMinute, attempts = 6 } = options
  const logprobs = options.logprobs === true || topLogprobs !== undefined
  if (model === '') throw invalidArgument('model is empty', 'name the model as the server lists it')
  requireInteger('concurrency', concurrency, { min: 1 })
  requireInteger('attempts', attempts, { min: 1 })
  if (topLogprobs !== undefined) requireInteger('topLogprobs', topLogprobs, { min: 1 })
  if (requestsPerMinute !== undefined) requireFinite('requestsPerMinute', requestsPerMinute, { above: 0 })
  if (options.timeout !== undefined) requireFinite('timeout', options.timeout, { above: 0 })
  const connection = connect(options)
  const turns = makeTurns({ concurrency, requestsPerMinute })
  const known = abilitiesOf(options)
  let probing: Promise<EndpointAbilities> | undefined
  let hasSucceeded = false

  /** Gives the samples of some indices of a request as they come, failed ones too. */
  const draw = async (one: Draw, body: BodyOptions, how: SampleOptions, { signal, give }: Handing): Promise<void> => {
    const { path, body: asked } = requestBody(one, body)
    const { task, seed, id = task.id } = one.request
    const stream = createStream(seed, 'retry', id, one.firstIndex)
    const ask = () => turns(async () => readChoices(await connection.post(path, asked, signal)), signal)
    try {
      const samples = samplesOf(one, await withRetries(ask, { attempts, stream, signal }), how)
      hasSucceeded = true
      give(samples)
      const missing = indicesWithout(one, samples)
      // A single one that is missing would be missing for ever.
      if (one.count === 1) give(missing.map((index) => failed(one, index, 'the server gave no choice', how)))
      else {
        const again = missing.map((firstIndex) => draw({ ...one, firstIndex, count: 1 }, body, how, { signal, give }))
        await Promise.all(again)
      }
    } catch (error) {
      if (!(error instanceof EndpointFailure)) throw error
      if (error.scope === 'all' || (error.scope === 'request' && !hasSucceeded)) throw fatal(connection.name, error)
      give(Array.from({ length: one.count }, (_, i) => failed(one, one.firstIndex + i, error.message, how)))
    }
  }

  /** A probe that failed is made again: the server may have been down. */
  const probedOnce = (): Promise<EndpointAbilities> =>
    (probing ??= probed(options).catch((error: unknown) => {
      probing = undefined
      throw error
    }))

  return {
    ...(known && logprobs && known.logprobs !== 'none' && { provenance: provenanceOf(known, model) }),
    ...(topLogprobs !== undefined && { topLogprobs }),
    async *sample(requests: readonly SampleRequest[], { signal }: CallOptions = {}) {
      const abilities = known ?? (await abortable(probedOnce(), signal))
      const body: BodyOptions = { api, model, abilities, logprobs, topLogprobs }
      const draws = requests.flatMap((request) => drawsOf(request, abilities))
      // What cannot be served is refused before anything is drawn, also where nothing is asked for.
      for (const request of requests) requestBody({ request, firstIndex: 0, count: 1 }, body)
      const how: SampleOptions = { api, abilities, prices, topLogprobs, provenance: provenanceOf(abilities, model) }
      yield* streamOf(draws, (one, handing) => draw(one, body, how, handing), signal)
    },
  }
}

const abilitiesOf = ({ abilities }: EndpointSamplerOptions): EndpointAbilities | undefined => {
  if (typeof abilities !== 'string') return abilities
  if (Object.hasOwn(endpointDialects, abilities)) return endpointDialects[abilities]
  throw invalidArgument(`there are no abilities ${abilities}`, `choose ${Object.keys(endpointDialects).join(', ')}`)
}

const probed = async (options: EndpointSamplerOptions): Promise<EndpointAbilities> =>
  (await probeEndpoint(options)).abilities

const provenanceOf = ({ engine }: EndpointAbilities, model: string): LogprobProvenance => ({
  engine,
  dtype: 'unknown',
  weights: model,
})

function indicesWithout({ firstIndex, count }: Draw, samples: readonly Sample[]): readonly number[] {
  const there = new Set(samples.map(({ index }) => index))
  return Array.from({ length: count }, (_, i) => firstIndex + i).filter((index) => !there.has(index))
}

/** A sample that could not be had. What a server bills for attempts that failed is not known: it counts as nothing. */
function failed({ request }: Draw, index: number, failure: string, { prices }: SampleOptions): Sample {
  const { task, seed, id = task.id, prompt } = request
  const usage = { promptTokens: 0, completionTokens: 0, ...(prices && { cost: 0 }) }
  return {
    id,
    taskId: task.id,
    index,
    seed,
    ...(prompt !== undefined && { prompt }),
    text: '',
    finish: 'failed',
    failure,
    usage,
  }
}

/** What would fail every request. */
const fatal = (name: string, { message, status }: EndpointFailure): PosttrainError =>
  new PosttrainError('sampler-failed', `${name} answered ${message}`, HINTS[status ?? 0] ?? 'check what is asked for')

const HINTS: Readonly<Record<number, string>> = {
  400: 'the server calls the request wrong: check the model and the options',
  401: 'check the key',
  402: 'check what is left of the budget',
  403: 'check what the key may do',
  404: 'check the URL, which ends in /v1 for most servers, and the name of the model',
  422: 'the server calls the request wrong: check the model and the options',
  429: 'the quota is used up: check the account',
}
