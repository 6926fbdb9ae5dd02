import { assembleDevice } from '../assemble-device.js'
import type { Device } from '../device.js'
import { createHostMemory, type HostArray } from '../host-memory.js'
import type { Implementations } from '../implementation.js'
import { activation, activationBackward } from './activation.js'
import { adamW } from './adam-w.js'
import { add } from './add.js'
import { attention, attentionBackward } from './attention.js'
import { cachedAttention } from './cached-attention.js'
import { embedding, embeddingBackward } from './embedding.js'
import { layerNorm, layerNormBackward } from './layer-norm.js'
import { matmul } from './matmul.js'
import { gatherRows, scatterAddRows } from './rows.js'
import { rmsNorm, rmsNormBackward } from './rms-norm.js'
import { rotary } from './rotary.js'
import { sampleTokens } from './sample-tokens.js'
import { sumRows } from './sum-rows.js'
import { swiglu, swigluBackward } from './swiglu.js'
import { tokenScores, tokenScoresBackward } from './token-scores.js'

const kernels: Implementations<HostArray> = {
  matmul,
  sumRows,
  layerNorm,
  layerNormBackward,
  rmsNorm,
  rmsNormBackward,
  activation,
  activationBackward,
  swiglu,
  swigluBackward,
  add,
  rotary,
  attention,
  attentionBackward,
  cachedAttention,
  gatherRows,
  scatterAddRows,
  embedding,
  embeddingBackward,
  tokenScores,
  tokenScoresBackward,
  sampleTokens,
  adamW,
}

/**
 * The oracle: every kernel as plain float64 loops, right and slow. `allocatedBytes` counts 4 bytes per element, as on
 * the other devices, though float64 takes 8.
 *
 * @example
 * ```ts
 * const device = createReferenceDevice()
 * const x = device.allocate(2)
 * device.write(x, [3, 4])
 * await device.sumOfSquares(x) // => 25
 * ```
 */
export const createReferenceDevice = (): Device =>
  assembleDevice(
    'reference',
    createHostMemory((length) => new Float64Array(length)),
    kernels,
  )
