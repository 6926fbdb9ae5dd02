import {
  requireInteger,
  sampleStream,
  throwIfAborted,
  type CallOptions,
  type LogprobProvenance,
  type Sample,
  type SampleRequest,
} from '@posttrain/core'
import { tokenChoiceOf } from '../token-choice.js'
import type { Tokenizer } from '../tokenizer.js'
import { uniformOnFloat32Grid } from '../uniforms.js'
import { Workspace } from '../workspace.js'
import { gatherTableRows, type LogitTable } from './logit-table.js'

/** Draws the samples of every request in turn. */
export async function* drawTabularSamples(
  table: LogitTable,
  tokenizer: Tokenizer,
  provenance: LogprobProvenance,
  requests: readonly SampleRequest[],
  { signal }: CallOptions,
): AsyncGenerator<Sample> {
  for (const request of requests) {
    throwIfAborted(signal)
    yield* await drawRequest(table, tokenizer, provenance, request)
  }
}

/** Draws all samples of one request, a token of each at a time. */
async function drawRequest(
  table: LogitTable,
  tokenizer: Tokenizer,
  provenance: LogprobProvenance,
  request: SampleRequest,
): Promise<Sample[]> {
  const { task, count, firstIndex = 0, seed } = request
  requireInteger('count', count, { min: 0 })
  requireInteger('firstIndex', firstIndex, { min: 0 })
  const choice = tokenChoiceOf(request)
  const { device, rows, logits: source } = table
  const { vocabulary } = rows
  const length = Math.min(rows.length, request.maxTokens ?? Infinity)
  const streams = Array.from({ length: count }, (_, i) => sampleStream(seed, task.id, firstIndex + i))
  const drawn = streams.map(() => ({ tokens: [] as number[], logprobs: [] as number[] }))
  const workspace = new Workspace(device)
  const { indices, logits, uniforms, tokens, logprob } = workspace.carve((carver) => ({
    indices: carver.integers(count),
    logits: carver.floats(count * vocabulary),
    uniforms: carver.floats(count),
    tokens: carver.integers(count),
    logprob: carver.floats(count),
  }))
  for (let t = 0; t < length; t++) {
    // A sample that has ended is drawn on as if it had not, which costs nothing here, and cut below.
    const tableRows = drawn.map((d) => rows.rowOf(task.prompt, d.tokens))
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
  return drawn.map((d, i) => {
    const end = rows.end === undefined ? -1 : d.tokens.indexOf(rows.end)
    const kept = end < 0 ? d.tokens : d.tokens.slice(0, end + 1)
    return {
      taskId: task.id,
      index: firstIndex + i,
      seed,
      text: tokenizer.decode(kept),
      tokens: kept,
      logprobs: { values: d.logprobs.slice(0, kept.length), provenance },
      finish: end < 0 && length < rows.length ? 'length' : 'stop',
      usage: { promptTokens: 1, completionTokens: kept.length },
    }
  })
}
