import type { DeviceBuffer } from '@posttrain/compute'
import {
  requireFinite,
  requireInteger,
  sampleStream,
  type LogprobProvenance,
  type Sample,
  type SampleRequest,
} from '@posttrain/core'
import type { Tokenizer } from '../tokenizer.js'
import { uniformOnFloat32Grid } from '../uniforms.js'
import { Workspace } from '../workspace.js'
import { gatherLogits, type LogitTable } from './logit-table.js'

/** Draws all samples of one request, a token of each at a time. */
export async function drawTabularSamples(
  table: LogitTable,
  tokenizer: Tokenizer,
  provenance: LogprobProvenance,
  request: SampleRequest,
): Promise<Sample[]> {
  const { task, count, firstIndex = 0, temperature = 1, seed } = request
  requireInteger('count', count, { min: 0 })
  requireInteger('firstIndex', firstIndex, { min: 0 })
  requireFinite('temperature', temperature, { min: 0 })
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
  const read = (buffer: DeviceBuffer): Promise<Float64Array> => device.read(buffer)
  for (let t = 0; t < length; t++) {
    gatherLogits(
      table,
      source,
      drawn.map((d) => rows.rowOf(task.prompt, d.tokens)),
      indices,
      logits,
    )
    device.write(uniforms, streams.map(uniformOnFloat32Grid))
    device.sampleTokens({ rows: count, vocabulary, logits, uniforms, temperature, tokens, logprob })
    const [token, value] = [await read(tokens), await read(logprob)]
    drawn.forEach((d, i) => {
      d.tokens.push(token[i]!)
      d.logprobs.push(value[i]!)
    })
  }
  workspace.dispose()
  return drawn.map((d, i) => ({
    taskId: task.id,
    index: firstIndex + i,
    seed,
    text: tokenizer.decode(d.tokens),
    tokens: d.tokens,
    logprobs: { values: d.logprobs, provenance },
    finish: length < rows.length ? 'length' : 'stop',
    usage: { promptTokens: 1, completionTokens: length },
  }))
}
