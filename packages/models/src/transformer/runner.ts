import type { Device, DeviceBuffer } from '@posttrain/compute'
import {
  throwIfAborted,
  type CallOptions,
  type LogprobProvenance,
  type Sample,
  type Prompt,
  type TokenScores,
  type TokenSequence,
} from '@posttrain/core'
import { encodePrompt, type TextCodec } from '@posttrain/text'
import { chosenPositions } from '../chosen-positions.js'
import type { ParameterLayout } from '../parameter-layout.js'
import { requireCotangents } from '../per-sequence.js'
import type { ScorePlan } from '../score-plan.js'
import type { ComputedPass } from '../training-calls.js'
import { WorkspacePool, type Workspace } from '../workspace.js'
import { architectureOf, type Architecture } from './architecture.js'
import { batchOf, type ScoredAt, type TokenizedSequence } from './batch.js'
import type { TransformerConfig } from './config.js'
import { allocateAngles, type TransformerModel } from './model.js'
import { parameterLayout, viewParameters, type TransformerParameters } from './parameters.js'
import { requireTokens } from './require-tokens.js'
import { drawSamples, type SamplingJob } from './sampling.js'
import { runScoringPass, type ScoringPass } from './scoring-pass.js'

/** Sequences per pass: few enough for their activations to stay near the cache, many enough to fill the kernels. */
const SEQUENCES_PER_PASS = 32

/** What a pass scores, and with which weights. */
export interface ScoringJob {
  readonly weights: DeviceBuffer
  /** Frozen weights, if the plan reads a reference. */
  readonly reference: DeviceBuffer | undefined
  readonly sequences: readonly TokenSequence[]
  readonly plan: ScorePlan
}

/** Runs a transformer's passes on a device, with whichever weights it is given: the present ones or frozen ones. */
export class TransformerRunner {
  readonly architecture: Architecture
  readonly layout: ParameterLayout
  readonly #angles: DeviceBuffer | undefined
  readonly #workspaces: WorkspacePool

  constructor(
    readonly device: Device,
    config: TransformerConfig,
    readonly codec: TextCodec,
    private readonly scoredAt: ScoredAt,
  ) {
    this.architecture = architectureOf(config)
    this.layout = parameterLayout(this.architecture)
    this.#angles = allocateAngles(device, this.architecture)
    this.#workspaces = new WorkspacePool(device)
  }

  /**
   * A workspace of its own lets a policy and its snapshots draw at the same time.
   *
   * @param release called once the weights are no longer read
   */
  async *sample(
    weights: DeviceBuffer,
    provenance: LogprobProvenance,
    jobs: readonly SamplingJob[],
    options: CallOptions,
    release: () => void,
  ): AsyncGenerator<Sample> {
    const workspace = this.#workspaces.take()
    try {
      yield* drawSamples(this.#model(weights), this.codec.tokenizer, provenance, workspace, jobs, options, release)
    } finally {
      this.#workspaces.giveBack(workspace)
    }
  }

  async score(job: ScoringJob, { signal }: CallOptions = {}): Promise<readonly TokenScores[]> {
    const scores: TokenScores[] = []
    for (const chunk of this.#chunks(job.sequences)) {
      throwIfAborted(signal)
      const pass = await this.#workspaces.lend((workspace) => this.#pass(job, chunk, workspace, false))
      scores.push(...pass.scores)
    }
    return scores
  }

  /** @param gradients asked for when `backward` is called */
  async forward(job: ScoringJob, gradients: () => DeviceBuffer, { signal }: CallOptions = {}): Promise<ComputedPass> {
    const passes: { result: ScoringPass; workspace: Workspace }[] = []
    const lengths: number[] = []
    const dispose = (): void => {
      for (const { workspace } of passes) this.#workspaces.giveBack(workspace)
    }
    try {
      for (const chunk of this.#chunks(job.sequences)) {
        throwIfAborted(signal)
        lengths.push(...chunk.map(({ chosen }) => chosen.length))
        passes.push(await this.#workspaces.give((workspace) => this.#pass(job, chunk, workspace, true)))
      }
    } catch (error) {
      dispose()
      throw error
    }
    return {
      scores: passes.flatMap(({ result }) => result.scores),
      backward: (cotangents) => {
        requireCotangents(cotangents, job.plan.names, lengths) // of every chunk, before the first changes anything
        const view = this.view(gradients())
        passes.forEach(({ result }, i) => {
          result.backward(cotangents.slice(i * SEQUENCES_PER_PASS, (i + 1) * SEQUENCES_PER_PASS), view)
        })
      },
      dispose,
    }
  }

  /** Names the windows of a buffer of weights or gradients. */
  view(buffer: DeviceBuffer): TransformerParameters {
    return viewParameters(buffer, this.layout, this.architecture)
  }

  dispose(): void {
    this.#angles?.dispose()
    this.#workspaces.dispose()
  }

  #pass(
    { weights, reference, plan }: ScoringJob,
    chunk: readonly TokenizedSequence[],
    workspace: Workspace,
    forBackward: boolean,
  ): Promise<ScoringPass> {
    const batch = batchOf(chunk, this.architecture, this.scoredAt)
    const lengths = chunk.map(({ chosen }) => chosen.length)
    const frozen = reference && this.view(reference)
    return runScoringPass(this.#model(weights), frozen, workspace, batch, lengths, plan, forBackward)
  }

  #model(weights: DeviceBuffer): TransformerModel {
    const { device, architecture } = this
    return { device, architecture, parameters: this.view(weights), angles: this.#angles }
  }

  *#chunks(sequences: readonly TokenSequence[]): Generator<TokenizedSequence[]> {
    // Sequences of one prompt often follow each other.
    let last: { readonly prompt: Prompt; readonly tokens: readonly number[] } | undefined
    const tokensOf = (prompt: Prompt): readonly number[] => {
      if (last?.prompt !== prompt) last = { prompt, tokens: encodePrompt(this.codec, prompt) }
      return last.tokens
    }
    for (let start = 0; start < sequences.length; start += SEQUENCES_PER_PASS) {
      yield sequences.slice(start, start + SEQUENCES_PER_PASS).map((sequence, i) => ({
        prompt: tokensOf(sequence.prompt),
        completion: requireTokens(`sequences[${start + i}].tokens`, sequence.tokens, this.architecture.vocabulary),
        chosen: chosenPositions(`sequences[${start + i}]`, sequence),
      }))
    }
  }
}
