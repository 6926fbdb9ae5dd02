import type { Device, DeviceBuffer } from '@posttrain/compute'
import {
  invalidArgument,
  requireLength,
  throwIfAborted,
  unsupported,
  type CallOptions,
  type ForwardPass,
  type LogprobProvenance,
  type Sample,
  type SampleRequest,
  type ScoreRequest,
  type TokenScores,
  type TokenSequence,
} from '@posttrain/core'
import type { ParameterLayout } from '../parameter-layout.js'
import type { Tokenizer } from '../tokenizer.js'
import { WorkspacePool, type Workspace } from '../workspace.js'
import { architectureOf, type Architecture } from './architecture.js'
import type { TokenizedSequence } from './batch.js'
import type { TransformerConfig } from './config.js'
import { allocateAngles, type TransformerModel } from './model.js'
import { parameterLayout, viewParameters, type TransformerParameters } from './parameters.js'
import { sampleTransformer } from './sampling.js'
import { runScoringPass, type ScoringPass } from './scoring-pass.js'
import { TransformerSnapshot } from './snapshot.js'

/** Sequences per pass: few enough for their activations to stay near the cache, many enough to fill the kernels. */
const SEQUENCES_PER_PASS = 32

/** Runs a transformer's passes on a device, with whichever weights it is given: the present ones or frozen ones. */
export class TransformerRunner {
  readonly architecture: Architecture
  readonly layout: ParameterLayout
  readonly #angles: DeviceBuffer | undefined
  readonly #workspaces: WorkspacePool

  constructor(
    readonly device: Device,
    config: TransformerConfig,
    readonly tokenizer: Tokenizer,
  ) {
    this.architecture = architectureOf(config)
    this.layout = parameterLayout(this.architecture)
    this.#angles = allocateAngles(device, this.architecture)
    this.#workspaces = new WorkspacePool(device)
  }

  /** A workspace of its own lets a policy and its snapshots draw at the same time. */
  async *sample(
    weights: DeviceBuffer,
    provenance: LogprobProvenance,
    requests: readonly SampleRequest[],
    options: CallOptions,
  ): AsyncGenerator<Sample> {
    const sampling = { model: this.#model(weights), tokenizer: this.tokenizer, provenance }
    const workspace = this.#workspaces.take()
    try {
      yield* sampleTransformer(sampling, workspace, requests, options)
    } finally {
      this.#workspaces.giveBack(workspace)
    }
  }

  async score(
    weights: DeviceBuffer,
    sequences: readonly TokenSequence[],
    request: ScoreRequest,
    { signal }: CallOptions,
  ): Promise<readonly TokenScores[]> {
    const reference = this.#referenceOf(request)
    const scores: TokenScores[] = []
    for (const chunk of this.#chunks(sequences)) {
      throwIfAborted(signal)
      const model = this.#model(weights)
      const pass = await this.#workspaces.lend((workspace) =>
        runScoringPass(model, reference, workspace, chunk, request, false),
      )
      scores.push(...pass.scores)
    }
    return scores
  }

  /** @param gradients asked for when `backward` is called */
  async forward(
    weights: DeviceBuffer,
    gradients: () => DeviceBuffer,
    sequences: readonly TokenSequence[],
    request: ScoreRequest,
  ): Promise<ForwardPass> {
    const reference = this.#referenceOf(request)
    const model = this.#model(weights)
    const passes: { result: ScoringPass; workspace: Workspace }[] = []
    let spent = false
    const dispose = (): void => {
      if (!spent) for (const { workspace } of passes) this.#workspaces.giveBack(workspace)
      spent = true
    }
    try {
      for (const chunk of this.#chunks(sequences)) {
        passes.push(
          await this.#workspaces.give((workspace) => runScoringPass(model, reference, workspace, chunk, request, true)),
        )
      }
    } catch (error) {
      dispose()
      throw error
    }
    return {
      scores: passes.flatMap(({ result }) => result.scores),
      backward: async (cotangents) => {
        if (spent) throw unsupported('this forward pass has been used or disposed', 'call forward again')
        requireLength('cotangents', cotangents, sequences.length)
        const view = this.view(gradients())
        passes.forEach(({ result }, i) => {
          result.backward(cotangents.slice(i * SEQUENCES_PER_PASS, (i + 1) * SEQUENCES_PER_PASS), view)
        })
        dispose()
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

  #model(weights: DeviceBuffer): TransformerModel {
    const { device, architecture } = this
    return { device, architecture, parameters: this.view(weights), angles: this.#angles }
  }

  #referenceOf({ reference, value }: ScoreRequest): TransformerParameters | undefined {
    if (value && !this.architecture.valueHead) {
      throw unsupported('this transformer has no value head', 'give its configuration valueHead: true')
    }
    if (!reference) return undefined
    if (!(reference instanceof TransformerSnapshot) || reference.parameters.length !== this.layout.length) {
      throw invalidArgument('reference is no snapshot of this transformer', 'make it with snapshot() of this policy')
    }
    return this.view(reference.parameters)
  }

  *#chunks(sequences: readonly TokenSequence[]): Generator<TokenizedSequence[]> {
    for (let start = 0; start < sequences.length; start += SEQUENCES_PER_PASS) {
      yield sequences.slice(start, start + SEQUENCES_PER_PASS).map(({ prompt, tokens }) => ({
        prompt: this.tokenizer.encodePrompt(prompt),
        completion: tokens,
      }))
    }
  }
}
