import type { Device, DeviceBuffer } from '@posttrain/compute'
import {
  invalidArgument,
  requireLength,
  throwIfAborted,
  unsupported,
  type CallOptions,
  type ForwardPass,
  type LogprobProvenance,
  type OptimizerStep,
  type PolicySnapshot,
  type Sample,
  type SampleRequest,
  type ScoreName,
  type ScoreRequest,
  type StepReport,
  type TokenScores,
  type TokenSequence,
  type TrainablePolicy,
} from '@posttrain/core'
import { LearnedParameters, type ParameterLayout } from '../learned-parameters.js'
import type { Tokenizer } from '../tokenizer.js'
import type { TokenizedSequence } from './batch.js'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.js'
import { parseTransformerConfig, type TransformerConfig } from './config.js'
import { initialParameters, parameterLayout, viewParameters } from './parameters.js'
import { sampleTransformer } from './sampling.js'
import { runScoringPass, type ScoredModel, type ScoringPass } from './scoring-pass.js'
import { TransformerSnapshot } from './snapshot.js'
import { Workspace } from '../workspace.js'

/** Sequences per pass: few enough for their activations to stay near the cache, many enough to fill the kernels. */
const SEQUENCES_PER_PASS = 32

/** What a TransformerPolicy is made of. */
export interface TransformerPolicyOptions {
  readonly device: Device
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  /** Seed of the initial weights (default 0). */
  readonly seed?: number
}

/**
 * A decoder-only transformer that samples with a key-value cache, scores and learns, on any device.
 *
 * @example
 * ```ts
 * import { createReferenceDevice } from '@posttrain/compute'
 *
 * const tokenizer = wordTokenizer(['0', '1', '.'], '.')
 * const config = { vocabulary: 3, context: 8, width: 8, layers: 1, heads: 2, hidden: 16, activation: 'gelu' } as const
 * const policy = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer })
 * const [scores] = await policy.score([{ prompt: '0 1', tokens: [2] }])
 * scores!.logprob.length // => 1
 * ```
 */
export class TransformerPolicy implements TrainablePolicy {
  readonly config: TransformerConfig
  readonly tokenizer: Tokenizer
  readonly differentiable: ReadonlySet<ScoreName> = new Set<ScoreName>(['logprob', 'entropy', 'referenceKl'])
  readonly #device: Device
  readonly #layout: ParameterLayout
  readonly #weights: LearnedParameters
  /** Idle workspaces of scoring passes; a pass that awaits its backward keeps its own. */
  readonly #idle: Workspace[] = []
  readonly #generation: Workspace

  constructor({ device, config, tokenizer, seed = 0 }: TransformerPolicyOptions) {
    this.config = parseTransformerConfig(config)
    if (tokenizer.vocabulary !== config.vocabulary) {
      throw invalidArgument(
        `config.vocabulary is ${config.vocabulary}, but the tokenizer has ${tokenizer.vocabulary} tokens`,
      )
    }
    this.tokenizer = tokenizer
    this.#device = device
    this.#layout = parameterLayout(config)
    this.#weights = new LearnedParameters(device, this.#layout, initialParameters(config, seed))
    this.#generation = new Workspace(device)
  }

  /**
   * A policy with the weights, shape and tokenizer of a checkpoint file.
   *
   * @throws PosttrainError `invalid-data`, naming the tensor, for a file that is not such a checkpoint
   */
  static async fromCheckpoint(device: Device, file: Uint8Array): Promise<TransformerPolicy> {
    const { config, tokenizer } = decodeCheckpoint(file)
    const policy = new TransformerPolicy({ device, config, tokenizer })
    await policy.load(file)
    return policy
  }

  /** Number of weights. */
  get parameterCount(): number {
    return this.#layout.tensors.reduce((sum, tensor) => sum + tensor.length, 0)
  }

  get provenance(): LogprobProvenance {
    const { name } = this.#device
    return {
      engine: `transformer/${name}`,
      dtype: name === 'reference' ? 'f64' : 'f32',
      distribution: 'raw',
      weights: `step-${this.#weights.steps}`,
    }
  }

  sample(requests: readonly SampleRequest[], options: CallOptions = {}): AsyncIterable<Sample> {
    const { config, tokenizer, provenance } = this
    const parameters = viewParameters(this.#weights.values, this.#layout, config)
    const model = { device: this.#device, config, tokenizer, provenance, parameters }
    return sampleTransformer(model, this.#generation, requests, options)
  }

  async score(
    sequences: readonly TokenSequence[],
    request: ScoreRequest = {},
    options: CallOptions = {},
  ): Promise<readonly TokenScores[]> {
    const scores: TokenScores[] = []
    for (const chunk of this.#chunks(sequences)) {
      throwIfAborted(options.signal)
      const workspace = this.#idle.pop() ?? new Workspace(this.#device)
      const pass = await runScoringPass(this.#scoredModel(request), workspace, chunk, request, false)
      this.#idle.push(workspace)
      scores.push(...pass.scores)
    }
    return scores
  }

  async forward(sequences: readonly TokenSequence[], request: ScoreRequest = {}): Promise<ForwardPass> {
    const passes: { pass: ScoringPass; workspace: Workspace }[] = []
    for (const chunk of this.#chunks(sequences)) {
      const workspace = this.#idle.pop() ?? new Workspace(this.#device)
      passes.push({
        pass: await runScoringPass(this.#scoredModel(request), workspace, chunk, request, true),
        workspace,
      })
    }
    let spent = false
    const dispose = (): void => {
      if (!spent) this.#idle.push(...passes.map(({ workspace }) => workspace))
      spent = true
    }
    return {
      scores: passes.flatMap(({ pass }) => pass.scores),
      backward: async (cotangents) => {
        if (spent) throw unsupported('this forward pass has been used or disposed', 'call forward again')
        requireLength('cotangents', cotangents, sequences.length)
        const gradients = viewParameters(this.#weights.gradients, this.#layout, this.config)
        passes.forEach(({ pass }, i) => {
          pass.backward(cotangents.slice(i * SEQUENCES_PER_PASS, (i + 1) * SEQUENCES_PER_PASS), gradients)
        })
        dispose()
      },
      dispose,
    }
  }

  step(settings: OptimizerStep): Promise<StepReport> {
    return this.#weights.step(settings)
  }

  async snapshot(): Promise<PolicySnapshot> {
    return new TransformerSnapshot(this.provenance.weights, this.#weights.copy())
  }

  async save({ optimizer = false }: { readonly optimizer?: boolean } = {}): Promise<Uint8Array> {
    const tensors = await this.#weights.tensors(optimizer)
    return encodeCheckpoint({ config: this.config, tokenizer: this.tokenizer, tensors, steps: this.#weights.steps })
  }

  async load(file: Uint8Array): Promise<void> {
    const { tensors, steps } = decodeCheckpoint(file)
    this.#weights.replace(tensors, steps)
  }

  /** Frees the device memory it holds; the device itself is the caller's. */
  dispose(): void {
    this.#weights.dispose()
    this.#generation.dispose()
    for (const workspace of this.#idle.splice(0)) workspace.dispose()
  }

  #scoredModel({ reference, value }: ScoreRequest): ScoredModel {
    if (value) throw unsupported('this transformer has no value head')
    if (reference && !(reference instanceof TransformerSnapshot)) {
      throw invalidArgument('reference is not a snapshot of a transformer', 'make it with snapshot() of this policy')
    }
    const view = (buffer: DeviceBuffer): ScoredModel['parameters'] => viewParameters(buffer, this.#layout, this.config)
    return {
      device: this.#device,
      config: this.config,
      parameters: view(this.#weights.values),
      reference: reference ? view(reference.parameters) : undefined,
    }
  }

  *#chunks(sequences: readonly TokenSequence[]): Generator<TokenizedSequence[]> {
    for (let start = 0; start < sequences.length; start += SEQUENCES_PER_PASS) {
      yield sequences.slice(start, start + SEQUENCES_PER_PASS).map(({ prompt, tokens }) => ({
        prompt: this.tokenizer.encode(prompt),
        completion: tokens,
      }))
    }
  }
}
