import {
  letEventsRun,
  requireFinite,
  requireInteger,
  sampleStream,
  throwIfAborted,
  type CallOptions,
  type LogprobProvenance,
  type Sample,
  type SampleRequest,
} from '@posttrain/core'
import type { Device } from '@posttrain/compute'
import type { Tokenizer } from '../tokenizer.js'
import { requireFits, type TransformerConfig } from './config.js'
import { generate, type GeneratedTokens } from './generate.js'
import type { TransformerParameters } from './parameters.js'
import type { Workspace } from '../workspace.js'

/** Completions drawn side by side: wide enough for the kernels, narrow enough for the cache. */
const ROWS_PER_GENERATION = 256

/** The model that samples. */
export interface SamplingModel {
  readonly device: Device
  readonly config: TransformerConfig
  readonly parameters: TransformerParameters
  readonly tokenizer: Tokenizer
  readonly provenance: LogprobProvenance
}

interface SamplingJob {
  readonly request: SampleRequest
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
  // Rows of one batch share a temperature; beyond that a sample does not depend on what it is drawn with.
  const temperatures = [...new Set(jobs.map((job) => temperatureOf(job.request)))]
  for (const temperature of temperatures) {
    const batch = jobs.filter((job) => temperatureOf(job.request) === temperature)
    for (let start = 0; start < batch.length; start += ROWS_PER_GENERATION) {
      await letEventsRun()
      throwIfAborted(options.signal)
      yield* await drawSamples(model, workspace, batch.slice(start, start + ROWS_PER_GENERATION), temperature)
    }
  }
}

const temperatureOf = (request: SampleRequest): number => request.temperature ?? 1

function samplingJobs({ config, tokenizer }: SamplingModel, request: SampleRequest): SamplingJob[] {
  const { task, count, firstIndex = 0, maxTokens } = request
  requireInteger('count', count, { min: 0 })
  requireInteger('firstIndex', firstIndex, { min: 0 })
  requireFinite('temperature', temperatureOf(request), { min: 0 })
  if (maxTokens !== undefined) requireInteger('maxTokens', maxTokens, { min: 1 })
  const prompt = tokenizer.encode(task.prompt)
  requireFits(config, prompt.length, 1)
  return Array.from({ length: count }, (_, i) => ({ request, index: firstIndex + i, prompt }))
}

async function drawSamples(
  { device, config, parameters, tokenizer, provenance }: SamplingModel,
  workspace: Workspace,
  jobs: readonly SamplingJob[],
  temperature: number,
): Promise<Sample[]> {
  const prompts = [...new Set(jobs.map((job) => job.prompt))]
  const rows = jobs.map(({ request, index, prompt }) => ({
    prompt: prompts.indexOf(prompt),
    stream: sampleStream(request.seed, request.task.id, index),
    maxTokens: Math.min(request.maxTokens ?? Infinity, config.context - prompt.length),
    isComplete: (tokens: readonly number[]) =>
      tokens.at(-1) === tokenizer.endToken || stopIndex(tokenizer, tokens, request.stop) !== undefined,
  }))
  const generated = await generate(device, config, parameters, workspace, prompts, rows, temperature)
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
