import * as z from 'zod'
import { endpointDialects, type EndpointAbilities, type EndpointDialect } from './abilities.js'
import { Probing } from './probe/probing.js'
import { unreachable } from './probe/unreachable.js'
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
  const known = endpointDialects[dialect]
  const repeatsPrefill = await asks.repeatsPrefill(known, evidence)
  return { abilities: { ...known, n, seed, topK, minP, logprobs, tokenIds, repeatsPrefill }, models, evidence }
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
