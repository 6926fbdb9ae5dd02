import type { Device, DeviceBuffer } from '@posttrain/compute'
import type { RandomStream } from '@posttrain/core'
import type { DrawnTokens } from '../begun-request.js'
import type { TokenChoice } from '../token-choice.js'
import { uniformOnFloat32Grid } from '../uniforms.js'
import type { Architecture } from './architecture.js'
import { allocateCache, allocateDecodeBuffers, decodeStep, type DecodeBuffers, type KeyValueCache } from './decode.js'
import type { TransformerModel } from './model.js'
import { allocatePrefillBuffers, isPrefilled, prefill, type PrefillBuffers } from './prefill.js'
import type { Allocator, Workspace } from '../workspace.js'

/** One completion to be drawn. */
export interface GenerationRow {
  /** Index into the prompts; rows of one prompt share its computation. */
  readonly prompt: number
  readonly stream: RandomStream
  readonly maxTokens: number
  /** Called with each token; true ends the row. */
  readonly isComplete: (token: number) => boolean
}

interface GenerationBuffers {
  /** Absent for short prompts. */
  readonly prefill: PrefillBuffers | undefined
  readonly promptCache: KeyValueCache
  readonly promptStep: DecodeBuffers
  readonly cache: KeyValueCache
  readonly step: DecodeBuffers
  /** i32: the prompt of each row. */
  readonly promptOfRow: DeviceBuffer
  readonly uniforms: DeviceBuffer
  readonly sampled: DeviceBuffer
  readonly logprob: DeviceBuffer
}

function allocateGenerationBuffers(
  allocator: Allocator,
  architecture: Architecture,
  prompts: readonly (readonly number[])[],
  rows: number,
  capacity: number,
): GenerationBuffers {
  const longest = longestOf(prompts)
  return {
    prefill: isPrefilled(longest) ? allocatePrefillBuffers(allocator, architecture, longest) : undefined,
    promptCache: allocateCache(allocator, architecture, prompts.length, capacity),
    promptStep: allocateDecodeBuffers(allocator, architecture, prompts.length),
    cache: allocateCache(allocator, architecture, rows, capacity),
    step: allocateDecodeBuffers(allocator, architecture, rows),
    promptOfRow: allocator.integers(rows),
    uniforms: allocator.floats(rows),
    sampled: allocator.integers(rows),
    logprob: allocator.floats(rows),
  }
}

/**
 * Draws one completion per row. Every prompt is computed once; its cache and logits are then copied to each of its
 * rows, which continue in lockstep until all are complete.
 *
 * @param prompts token sequences, each not empty
 */
export async function generate(
  model: TransformerModel,
  workspace: Workspace,
  prompts: readonly (readonly number[])[],
  rows: readonly GenerationRow[],
  choice: TokenChoice,
): Promise<DrawnTokens[]> {
  const { device, architecture } = model
  const capacity = Math.max(...rows.map((row) => prompts[row.prompt]!.length + row.maxTokens))
  const buffers = workspace.allocate((c) => allocateGenerationBuffers(c, architecture, prompts, rows.length, capacity))
  readPrompts(model, prompts, buffers)
  copyPromptsToRows(device, architecture, rows, buffers)

  const { cache, step, uniforms, sampled, logprob } = buffers
  const drawn = rows.map(() => ({ tokens: [] as number[], logprobs: [] as number[], finish: undefined as Finish }))
  const positions = Int32Array.from(rows, (row) => prompts[row.prompt]!.length - 1)
  for (;;) {
    device.write(
      uniforms,
      rows.map((row) => uniformOnFloat32Grid(row.stream)),
    )
    const drawing = { logits: step.logits, uniforms, tokens: sampled, logprob, ...choice }
    device.sampleTokens({ rows: rows.length, vocabulary: architecture.vocabulary, ...drawing })
    const [tokens, logprobs] = await Promise.all([device.read(sampled), device.read(logprob)])

    let unfinished = 0
    rows.forEach((row, i) => {
      const d = drawn[i]!
      if (d.finish) return
      d.tokens.push(tokens[i]!)
      d.logprobs.push(logprobs[i]!)
      if (row.isComplete(tokens[i]!)) d.finish = 'stop'
      else if (d.tokens.length >= row.maxTokens) d.finish = 'length'
      else {
        unfinished++
        positions[i]! += 1
      }
    })
    if (unfinished === 0) break
    // Finished rows repeat a token at their last position: harmless, and their cache is never read again.
    device.write(step.tokens, tokens)
    device.write(step.positions, positions)
    decodeStep(model, cache, step)
  }
  return drawn.map(({ tokens, logprobs, finish }) => ({ tokens, logprobs, finish: finish! }))
}

type Finish = 'stop' | 'length' | undefined

const longestOf = (prompts: readonly (readonly number[])[]): number =>
  Math.max(...prompts.map((prompt) => prompt.length))

/**
 * Feeds all prompts in lockstep; a prompt that has ended repeats its last token, which changes nothing. Of long prompts
 * only the last token is fed so, after a pass over the others.
 */
function readPrompts(
  model: TransformerModel,
  prompts: readonly (readonly number[])[],
  { prefill: passes, promptCache, promptStep }: GenerationBuffers,
): void {
  const { device } = model
  const longest = longestOf(prompts)
  if (passes) prompts.forEach((prompt, row) => prefill(model, promptCache, row, prompt, passes))
  for (let t = passes ? longest - 1 : 0; t < longest; t++) {
    const positions = prompts.map((prompt) => Math.min(t, prompt.length - 1))
    device.write(promptStep.positions, positions)
    device.write(
      promptStep.tokens,
      prompts.map((prompt, i) => prompt[positions[i]!]!),
    )
    decodeStep(model, promptCache, promptStep)
  }
}

function copyPromptsToRows(
  device: Device,
  { keyWidth, vocabulary }: Architecture,
  rows: readonly GenerationRow[],
  { promptCache, promptStep, cache, step, promptOfRow: indices }: GenerationBuffers,
): void {
  device.write(
    indices,
    rows.map((row) => row.prompt),
  )
  const copy = (source: DeviceBuffer, out: DeviceBuffer, columns: number): void =>
    device.gatherRows({ rows: rows.length, columns, source, indices, out })
  cache.keys.forEach((keys, l) => copy(promptCache.keys[l]!, keys, cache.capacity * keyWidth))
  cache.values.forEach((values, l) => copy(promptCache.values[l]!, values, cache.capacity * keyWidth))
  copy(promptStep.logits, step.logits, vocabulary)
}
