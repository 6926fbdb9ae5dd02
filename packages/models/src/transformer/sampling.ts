import {
  letEventsRun,
  requireInteger,
  sampleStream,
  throwIfAborted,
  type CallOptions,
  type LogprobProvenance,
  type Sample,
  type SampleRequest,
} from '@posttrain/core'
import { tokenChoiceOf, type TokenChoice } from '../token-choice.js'
import type { Tokenizer } from '../tokenizer.js'
import { requireFits } from './config.js'
import { generate, type GeneratedTokens } from './generate.js'
import type { TransformerModel } from './model.js'
import type { Workspace } from '../workspace.js'

/** Completions drawn side by side: wide enough for the kernels, narrow enough for the cache. */
const ROWS_PER_GENERATION = 256

/** The model that samples. */
export interface SamplingModel {
  readonly model: TransformerModel
  readonly tokenizer: Tokenizer
  readonly provenance: LogprobProvenance
}

interface SamplingJob {
  readonly request: SampleRequest
  readonly choice: TokenChoice
  readonly index: number
  readonly prompt: readonly number[]
}

/** Draws the samples of many requests, in batches; the samples of one request share the computation of its prompt. */
export async function* sampleTransformer(
  model: SamplingModel,
  workspace: Workspace,
  requests: readonly SampleRequest[],
  options: CallOptions,
): AsyncGenerator<Sample> {
  const jobs = requests.flatMap((request) => samplingJobs(model, request))
  // Rows of one batch share how tokens are chosen; beyond that a sample does not depend on what it is drawn with.
  const choices = new Map(jobs.map(({ choice }) => [JSON.stringify(choice), choice]))
  for (const [key, choice] of choices) {
    const batch = jobs.filter((job) => JSON.stringify(job.choice) === key)
    for (let start = 0; start < batch.length; start += ROWS_PER_GENERATION) {
      await letEventsRun()
      throwIfAborted(options.signal)
      yield* await drawSamples(model, workspace, batch.slice(start, start + ROWS_PER_GENERATION), choice)
    }
  }
}

function samplingJobs({ model, tokenizer }: SamplingModel, request: SampleRequest): SamplingJob[] {
  const { task, count, firstIndex = 0, maxTokens } = request
  requireInteger('count', count, { min: 0 })
  requireInteger('firstIndex', firstIndex, { min: 0 })
  if (maxTokens !== undefined) requireInteger('maxTokens', maxTokens, { min: 1 })
  const prompt = tokenizer.encodePrompt(task.prompt)
  requireFits(model.architecture, prompt.length, 1)
  const choice = tokenChoiceOf(request)
  return Array.from({ length: count }, (_, i) => ({ request, choice, index: firstIndex + i, prompt }))
}

async function drawSamples(
  { model, tokenizer, provenance }: SamplingModel,
  workspace: Workspace,
  jobs: readonly SamplingJob[],
  choice: TokenChoice,
): Promise<Sample[]> {
  const prompts = [...new Set(jobs.map((job) => job.prompt))]
  const rows = jobs.map(({ request, index, prompt }) => ({
    prompt: prompts.indexOf(prompt),
    stream: sampleStream(request.seed, request.task.id, index),
    maxTokens: Math.min(request.maxTokens ?? Infinity, model.architecture.context - prompt.length),
    isComplete: (tokens: readonly number[]) =>
      tokens.at(-1) === tokenizer.endToken || stopIndex(tokenizer, tokens, request.stop) !== undefined,
  }))
  const generated = await generate(model, workspace, prompts, rows, choice)
  return generated.map((drawn, i) => toSample(jobs[i]!, drawn, tokenizer, provenance))
}

/** Where the first stop text begins in the decoded tokens. */
function stopIndex(tokenizer: Tokenizer, tokens: readonly number[], stop: readonly string[] = []): number | undefined {
  if (stop.length === 0) return undefined
  const text = tokenizer.decode(tokens)
  const found = stop.map((s) => text.indexOf(s)).filter((position) => position >= 0)
  return found.length > 0 ? Math.min(...found) : undefined
}

function toSample(
  { request, index, prompt }: SamplingJob,
  { tokens, logprobs, finish }: GeneratedTokens,
  tokenizer: Tokenizer,
  provenance: LogprobProvenance,
): Sample {
  const text = tokenizer.decode(tokens)
  return {
    taskId: request.task.id,
    index,
    seed: request.seed,
    text: text.slice(0, stopIndex(tokenizer, tokens, request.stop)),
    tokens,
    logprobs: { values: logprobs, provenance },
    finish,
    usage: { promptTokens: prompt.length, completionTokens: tokens.length },
  }
}
