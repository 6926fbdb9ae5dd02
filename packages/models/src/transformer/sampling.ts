import {
  letEventsRun,
  requireInteger,
  sampleStream,
  shown,
  throwIfAborted,
  unsupported,
  type CallOptions,
  type LogprobProvenance,
  type Sample,
  type SampleRequest,
} from '@posttrain/core'
import { encodePrompt, type TextCodec, type Tokenizer } from '@posttrain/text'
import { beginRequest, wholeSample, type BegunRequest, type DrawnTokens } from '../begun-request.js'
import type { TokenChoice } from '../token-choice.js'
import type { Workspace } from '../workspace.js'
import { requireFits, type TransformerConfig } from './config.js'
import { generate } from './generate.js'
import type { TransformerModel } from './model.js'

/** Completions drawn side by side: wide enough for the kernels, narrow enough for the cache. */
const ROWS_PER_GENERATION = 256

/** One sample to be drawn. */
export interface SamplingJob {
  readonly asked: BegunRequest
  readonly index: number
  /** Prompt and prefix; one array for all samples of a request. */
  readonly tokens: readonly number[]
  /** Bound on the tokens drawn; 0 where nothing can follow. */
  readonly maxTokens: number
}

/**
 * Checks requests, all of them before anything is drawn.
 *
 * @throws PosttrainError as `beginRequest`; `invalid-argument` for a prompt that leaves no room for a token, or
 *   `maxTokens` above the context; `unsupported` for a chat without a template and for a prefix that does not fit the
 *   context
 */
export const samplingJobs = (
  codec: TextCodec,
  config: Pick<TransformerConfig, 'context'>,
  requests: readonly SampleRequest[],
): SamplingJob[] =>
  requests.flatMap((request) => {
    const asked = beginRequest(codec, request)
    const { id, begun, indices } = asked
    if (asked.maxTokens !== Infinity) {
      requireInteger(`maxTokens of request ${shown(id)}`, asked.maxTokens, { max: config.context })
    }
    const prompt = encodePrompt(codec, asked.prompt)
    requireFits(config, prompt.length, 1)
    const tokens = [...prompt, ...begun.tokens]
    const room = config.context - tokens.length
    if (room < 0) {
      throw unsupported(
        `prompt and prefix of request ${id} have ${tokens.length} tokens, but the context has ${config.context}`,
        'shorten the prefix, or use a model with a longer context',
      )
    }
    const maxTokens = begun.isEnded ? 0 : Math.min(asked.maxTokens, room)
    return indices.map((index) => ({ asked, index, tokens, maxTokens }))
  })

/**
 * Draws samples in batches; those of one request share the computation of what they begin with.
 *
 * @param release called once the weights are no longer read
 */
export async function* drawSamples(
  model: TransformerModel,
  tokenizer: Tokenizer,
  provenance: LogprobProvenance,
  workspace: Workspace,
  jobs: readonly SamplingJob[],
  { signal }: CallOptions,
  release: () => void,
): AsyncGenerator<Sample> {
  const sampleOf = ({ asked, index, tokens }: SamplingJob, drawn: DrawnTokens): Sample =>
    wholeSample(asked, index, tokens.length, drawn, provenance)
  const batches = batchesOf(jobs.filter(({ maxTokens }) => maxTokens > 0))
  if (batches.length === 0) release()
  for (const job of jobs) if (job.maxTokens === 0) yield sampleOf(job, nothingDrawn(job))
  for (const [i, { batch, choice }] of batches.entries()) {
    await letEventsRun()
    throwIfAborted(signal)
    const drawn = await drawBatch(model, tokenizer, workspace, batch, choice)
    if (i === batches.length - 1) release()
    yield* batch.map((job, row) => sampleOf(job, drawn[row]!))
  }
}

/** A completion that ended before it was continued, or one that fills the context. */
const nothingDrawn = ({ asked }: SamplingJob): DrawnTokens => ({
  tokens: [],
  logprobs: [],
  finish: asked.begun.isEnded ? 'stop' : 'length',
})

interface SamplingBatch {
  readonly batch: readonly SamplingJob[]
  readonly choice: TokenChoice
}

/** Rows of one batch share how tokens are chosen; beyond that a sample does not depend on what it is drawn with. */
function batchesOf(jobs: readonly SamplingJob[]): SamplingBatch[] {
  const byChoice = new Map<string, SamplingJob[]>()
  for (const job of jobs) {
    const key = JSON.stringify(job.asked.choice)
    const alike = byChoice.get(key) ?? []
    byChoice.set(key, alike)
    alike.push(job)
  }
  return [...byChoice.values()].flatMap((alike) =>
    Array.from({ length: Math.ceil(alike.length / ROWS_PER_GENERATION) }, (_, i) => ({
      batch: alike.slice(i * ROWS_PER_GENERATION, (i + 1) * ROWS_PER_GENERATION),
      choice: alike[0]!.asked.choice,
    })),
  )
}

function drawBatch(
  model: TransformerModel,
  tokenizer: Tokenizer,
  workspace: Workspace,
  jobs: readonly SamplingJob[],
  choice: TokenChoice,
): Promise<DrawnTokens[]> {
  const prompts = [...new Set(jobs.map(({ tokens }) => tokens))]
  const rows = jobs.map(({ asked, index, tokens, maxTokens }) => {
    const { begun, request, id } = asked
    const isStopped = begun.watch(request.stop)
    return {
      prompt: prompts.indexOf(tokens),
      stream: sampleStream(request.seed, id, index),
      maxTokens,
      isComplete: (token: number) => isStopped(token) || token === tokenizer.endToken,
    }
  })
  return generate(model, workspace, prompts, rows, choice)
}
