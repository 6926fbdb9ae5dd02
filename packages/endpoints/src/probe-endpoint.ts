import { PosttrainError, reasonOf } from '@posttrain/core'
import * as z from 'zod'
import { endpointDialects, type EndpointAbilities, type EndpointDialect } from './abilities.js'
import { readChoices, type Choices } from './sampler/read-choices.js'
import type { EndpointApi } from './sampler/request-body.js'
import { connect, type Connection, type ConnectionOptions } from './server/connection.js'
import { EndpointFailure } from './server/endpoint-failure.js'

/** What is probed. */
export interface EndpointProbeOptions extends ConnectionOptions {
  readonly model: string
  readonly api?: EndpointApi | undefined
}

/** What was found out, and by what. */
export interface EndpointProbe {
  readonly abilities: EndpointAbilities
  /** The models that the server lists; none where it lists none. */
  readonly models: readonly string[]
  /** A sentence for each thing that was tried. */
  readonly evidence: readonly string[]
}

/**
 * Finds out what a server can do, by some twenty short requests: which program it is says what cannot be tried, and
 * what can be tried is. What a probe cannot tell is taken as not there, and said.
 *
 * @throws PosttrainError `sampler-failed` for a server that answers nothing or refuses the plainest request
 * @example
 * ```ts no-run
 * const { abilities, evidence } = await probeEndpoint({ url: 'http://localhost:8000', model: 'Qwen/Qwen2.5-0.5B' })
 * const sampler = endpointSampler({ url: 'http://localhost:8000', model: 'Qwen/Qwen2.5-0.5B', abilities })
 * ```
 */
export async function probeEndpoint(options: EndpointProbeOptions): Promise<EndpointProbe> {
  const { model, api = 'chat' } = options
  const connection = connect(options)
  const { models, owner } = await modelsOf(connection)
  const dialect = DIALECTS[owner ?? ''] ?? 'any'
  const asks = new Probing(connection, api, model)
  await asks.plain()
  const evidence = [
    owner === undefined ? 'it lists no models' : `its models belong to ${owner}: taken for ${dialect}`,
    ...(models.length > 0 && !models.includes(model) ? [`${model} is none of the models that it lists`] : []),
  ]
  const n = await asks.choices(evidence)
  const seed = await asks.seed(evidence)
  const topK = await asks.cut('top_k', 1, evidence)
  const minP = await asks.cut('min_p', 1, evidence)
  const { logprobs, tokenIds } = await asks.logprobs(evidence)
  return { abilities: { ...endpointDialects[dialect], n, seed, topK, minP, logprobs, tokenIds }, models, evidence }
}

/** By `owned_by` of a model. */
const DIALECTS: Readonly<Record<string, EndpointDialect | undefined>> = {
  vllm: 'vllm',
  llamacpp: 'llama.cpp',
  sglang: 'sglang',
  openai: 'openai',
  system: 'openai',
}

const list = z.looseObject({ data: z.array(z.looseObject({ id: z.string(), owned_by: z.string().optional() })) })

/**
 * The models that a server lists; none where it lists none.
 *
 * @throws PosttrainError `sampler-failed` for a server that answers nothing
 * @example
 * ```ts
 * const fetch = async () => Response.json({ data: [{ id: 'tiny' }] })
 * await listModels({ url: 'http://localhost:8000', fetch }) // => ['tiny']
 * ```
 */
export const listModels = async (options: ConnectionOptions): Promise<readonly string[]> =>
  (await modelsOf(connect(options))).models

async function modelsOf(connection: Connection): Promise<{ models: readonly string[]; owner: string | undefined }> {
  const answer = await connection.get('/models').catch((error: unknown) => {
    if (error instanceof EndpointFailure && error.status === undefined) throw unreachable(connection, error)
    return undefined
  })
  const read = list.safeParse(answer)
  if (!read.success) return { models: [], owner: undefined }
  return { models: read.data.data.map(({ id }) => id), owner: read.data.data[0]?.owned_by }
}

const unreachable = ({ name }: Connection, error: unknown): PosttrainError =>
  new PosttrainError('sampler-failed', `${name} cannot be asked: ${reasonOf(error)}`, 'check that the server runs')

/** Asks one thing after another, each in the same few words. */
class Probing {
  readonly #connection: Connection
  readonly #api: EndpointApi
  readonly #model: string

  constructor(connection: Connection, api: EndpointApi, model: string) {
    this.#connection = connection
    this.#api = api
    this.#model = model
  }

  /** @throws PosttrainError `sampler-failed` where not even this is answered */
  async plain(): Promise<void> {
    try {
      await this.#ask({ max_tokens: 1 })
    } catch (error) {
      throw unreachable(this.#connection, error)
    }
  }

  async choices(evidence: string[]): Promise<boolean> {
    const answer = await this.#try({ n: 2, max_tokens: 2, seed: 5 })
    const single = await this.#try({ max_tokens: 2, seed: 6 })
    const given = answer?.choices.length ?? 0
    const counted = answer?.completionTokens ?? 0
    const countsUp = answer?.choices.find(({ index }) => index === 1)?.text === single?.choices[0]?.text
    evidence.push(
      answer === undefined
        ? 'n: 2 is refused'
        : `n: 2 gives ${given} of 2 choices with ${counted} tokens, the second ${countsUp ? 'as by' : 'unlike'} the next seed`,
    )
    return given === 2 && counted > (single?.completionTokens ?? Infinity) && countsUp
  }

  async seed(evidence: string[]): Promise<boolean> {
    const [one, same] = [await this.#text({ seed: 7 }), await this.#text({ seed: 7 })]
    const other = await this.#text({ seed: 8 })
    const further = await this.#text({ seed: 9 })
    const isKept = one !== undefined && one === same
    const tells = one !== other || one !== further
    evidence.push(
      !isKept ? 'the same seed gives another text' : tells ? 'the same seed gives the same text' : NOTHING_RANDOM,
    )
    return isKept && tells
  }

  /** Whether a cut that leaves one token leaves one text. */
  async cut(field: string, value: number, evidence: string[]): Promise<boolean> {
    const [cutA, cutB] = [await this.#text({ [field]: value, seed: 7 }), await this.#text({ [field]: value, seed: 8 })]
    const [a, b] = [await this.#text({ seed: 7 }), await this.#text({ seed: 8 })]
    const tells = a !== b
    const isCut = cutA !== undefined && cutA === cutB && tells
    evidence.push(
      cutA === undefined
        ? `${field} is refused`
        : isCut
          ? `${field}: ${value} leaves one text`
          : tells
            ? `${field} does nothing`
            : `${field}: ${NOTHING_RANDOM}`,
    )
    return isCut
  }

  /** What log-probs are of: those of the model stay the same at another temperature. */
  async logprobs(evidence: string[]): Promise<Pick<EndpointAbilities, 'logprobs' | 'tokenIds'>> {
    const wanted = this.#api === 'chat' ? { logprobs: true } : { logprobs: 1 }
    const at = (temperature: number) =>
      this.#try({ ...wanted, temperature, max_tokens: 1, seed: 7, top_k: 1, return_token_ids: true }).then(
        (answer) => answer ?? this.#try({ ...wanted, temperature, max_tokens: 1, seed: 7 }),
      )
    const [warm, cold] = [await at(1), await at(0.5)]
    const [one, other] = [warm, cold].map((answer) => answer?.choices[0])
    const fromChoice = await this.#try({ max_tokens: 1, return_token_ids: true })
    const tokenIds = fromChoice?.choices[0]?.tokens ? 'choice' : one?.tokens ? 'logprobs' : 'none'
    evidence.push(`ids of tokens: ${tokenIds}`)
    const [p, q] = [one?.logprobs?.[0], other?.logprobs?.[0]]
    if (p === undefined || q === undefined) {
      evidence.push('it gives no log-probs')
      return { logprobs: 'none', tokenIds }
    }
    const sameToken = one!.text === other!.text
    evidence.push(
      sameToken
        ? `the log-prob of a token is ${p.toFixed(4)} at temperature 1 and ${q.toFixed(4)} at 0.5`
        : 'what log-probs are of cannot be told, for another token was drawn at another temperature',
    )
    if (!sameToken) return { logprobs: 'none', tokenIds }
    return { logprobs: Math.abs(p - q) < 1e-3 * Math.max(1, Math.abs(p)) ? 'raw' : 'processed', tokenIds }
  }

  async #text(more: object): Promise<string | undefined> {
    return (await this.#try({ max_tokens: 8, ...more }))?.choices[0]?.text
  }

  /** The answer; undefined where the server refuses. */
  async #try(more: object): Promise<Choices | undefined> {
    try {
      return await this.#ask(more)
    } catch (error) {
      if (error instanceof EndpointFailure) return undefined
      throw error
    }
  }

  async #ask(more: object): Promise<Choices> {
    const common = { model: this.#model, temperature: 1, ...more }
    const text = 'Once upon a time'
    return readChoices(
      this.#api === 'chat'
        ? await this.#connection.post('/chat/completions', { ...common, messages: [{ role: 'user', content: text }] })
        : await this.#connection.post('/completions', { ...common, prompt: text }),
    )
  }
}

const NOTHING_RANDOM = 'nothing can be told, for all seeds give the same text'
