import {
  letEventsRun,
  sampleStream,
  throwIfAborted,
  type CallOptions,
  type LogprobProvenance,
  type Sample,
} from '@posttrain/core'
import { wholeSample, type BegunRequest, type DrawnTokens } from '../begun-request.js'
import { uniformOnFloat32Grid } from '../uniforms.js'
import { Workspace } from '../workspace.js'
import { gatherTableRows, type LogitTable } from './logit-table.js'
import type { PrefixTable } from './prefix-table.js'
import { requireTextPrompt } from './require-text-prompt.js'

/**
 * Draws the samples of every request in turn.
 *
 * @param release called once the table is no longer read
 */
export async function* drawTabularSamples(
  table: LogitTable,
  provenance: LogprobProvenance,
  requests: readonly BegunRequest[],
  { signal }: CallOptions,
  release: () => void,
): AsyncGenerator<Sample> {
  const parts = requests.flatMap(inParts)
  let sinceTurn = 0
  for (const [i, part] of parts.entries()) {
    sinceTurn += part.indices.length
    if (sinceTurn > SAMPLES_PER_PART) {
      await letEventsRun()
      sinceTurn = part.indices.length
    }
    throwIfAborted(signal)
    const samples = await drawRequest(table, provenance, part)
    if (i === parts.length - 1) release()
    yield* samples
  }
}

/** Samples that are drawn side by side; between two parts, timers, input and signals have their turn. */
const SAMPLES_PER_PART = 1024

const inParts = (asked: BegunRequest): BegunRequest[] =>
  Array.from({ length: Math.max(1, Math.ceil(asked.indices.length / SAMPLES_PER_PART)) }, (_, part) => ({
    ...asked,
    indices: asked.indices.slice(part * SAMPLES_PER_PART, (part + 1) * SAMPLES_PER_PART),
  }))

/** Draws samples of one request, a token of each at a time. */
async function drawRequest(table: LogitTable, provenance: LogprobProvenance, asked: BegunRequest): Promise<Sample[]> {
  const { request, id, begun, choice, indices: sampleIndices } = asked
  const prompt = requireTextPrompt(asked.prompt)
  const count = sampleIndices.length
  const { device, rows, logits: source } = table
  const { vocabulary } = rows
  const left = begun.isEnded ? 0 : rows.length - begun.tokens.length
  const length = Math.min(left, asked.maxTokens)
  const streams = sampleIndices.map((index) => sampleStream(request.seed, id, index))
  const drawn = streams.map(() => ({ tokens: [] as number[], logprobs: [] as number[] }))
  const workspace = new Workspace(device)
  const { indices, logits, uniforms, tokens, logprob } = workspace.allocate((allocator) => ({
    indices: allocator.integers(count),
    logits: allocator.floats(count * vocabulary),
    uniforms: allocator.floats(count),
    tokens: allocator.integers(count),
    logprob: allocator.floats(count),
  }))
  for (let t = 0; t < length; t++) {
    // A sample that has ended is drawn on as if it had not, which costs nothing here, and cut below.
    const tableRows = drawn.map((d) => rows.rowOf(prompt, [...begun.tokens, ...d.tokens]))
    gatherTableRows(device, source, vocabulary, tableRows, indices, logits)
    device.write(uniforms, streams.map(uniformOnFloat32Grid))
    device.sampleTokens({ rows: count, vocabulary, logits, uniforms, ...choice, tokens, logprob })
    const [token, value] = [await device.read(tokens), await device.read(logprob)]
    drawn.forEach((d, i) => {
      d.tokens.push(token[i]!)
      d.logprobs.push(value[i]!)
    })
  }
  workspace.dispose()
  const promptTokens = 1 + begun.tokens.length
  return drawn.map(({ tokens: all, logprobs }, i) => {
    const end = endOf(asked, rows, all)
    const kept: DrawnTokens = {
      tokens: all.slice(0, end),
      logprobs: logprobs.slice(0, end),
      finish: end === undefined && length < left ? 'length' : 'stop',
    }
    return wholeSample(asked, sampleIndices[i]!, promptTokens, kept, provenance)
  })
}

/** The number of tokens up to the one that ends a completion; undefined if none does. */
function endOf({ request, begun }: BegunRequest, rows: PrefixTable, tokens: readonly number[]): number | undefined {
  const isStopped = begun.watch(request.stop)
  const last = tokens.findIndex((token) => isStopped(token) || token === rows.end)
  return last < 0 ? undefined : last + 1
}
