import type { Implementations } from '../implementation.js'
import { activation, activationBackward } from './activation.js'
import { adamW } from './adam-w.js'
import { add } from './add.js'
import { attention } from './attention.js'
import { attentionBackward } from './attention-backward.js'
import { cachedAttention } from './cached-attention.js'
import { embedding, embeddingBackward } from './embedding.js'
import { layerNorm, layerNormBackward } from './layer-norm.js'
import { matmul } from './matmul.js'
import { rmsNorm, rmsNormBackward } from './rms-norm.js'
import { rotary } from './rotary.js'
import { gatherRows, scatterAddRows } from './rows.js'
import type { GpuPlace, Runner } from './runner.js'
import { sampleTokens } from './sample-tokens.js'
import { sumRows } from './sum-rows.js'
import { swiglu, swigluBackward } from './swiglu.js'
import { tokenScores, tokenScoresBackward } from './token-scores.js'

/** All kernels on one GPU. */
export function webgpuKernels(gpu: Runner): Implementations<GpuPlace> {
  const on =
    <Arguments>(kernel: (gpu: Runner, args: Arguments) => void) =>
    (args: Arguments): void =>
      kernel(gpu, args)
  return {
    matmul: on(matmul),
    sumRows: on(sumRows),
    layerNorm: on(layerNorm),
    layerNormBackward: on(layerNormBackward),
    rmsNorm: on(rmsNorm),
    rmsNormBackward: on(rmsNormBackward),
    activation: on(activation),
    activationBackward: on(activationBackward),
    swiglu: on(swiglu),
    swigluBackward: on(swigluBackward),
    add: on(add),
    rotary: on(rotary),
    attention: on(attention),
    attentionBackward: on(attentionBackward),
    cachedAttention: on(cachedAttention),
    gatherRows: on(gatherRows),
    scatterAddRows: on(scatterAddRows),
    embedding: on(embedding),
    embeddingBackward: on(embeddingBackward),
    tokenScores: on(tokenScores),
    tokenScoresBackward: on(tokenScoresBackward),
    sampleTokens: on(sampleTokens),
    adamW: on(adamW),
  }
}
