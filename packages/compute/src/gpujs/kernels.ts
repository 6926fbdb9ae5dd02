import type { Implementations } from '../implementation.js'
import { activation } from './activation.js'
import { adamW } from './adam-w.js'
import { add } from './add.js'
import { attention } from './attention.js'
import { attentionBackward } from './attention-backward.js'
import { cachedAttention } from './cached-attention.js'
import type { Compile, Place } from './compile.js'
import { layerNorm } from './layer-norm.js'
import { matmul } from './matmul.js'
import { rmsNorm } from './rms-norm.js'
import { rotary } from './rotary.js'
import { rows } from './rows.js'
import { sampleTokens } from './sample-tokens.js'
import { sumRows } from './sum-rows.js'
import { swiglu } from './swiglu.js'
import { tokenScores } from './token-scores.js'

/** Every kernel, each as functions of one output element. A function is compiled when it is first called. */
export const gpujsKernels = (compile: Compile): Implementations<Place> => ({
  ...matmul(compile),
  ...sumRows(compile),
  ...layerNorm(compile),
  ...rmsNorm(compile),
  ...activation(compile),
  ...swiglu(compile),
  ...add(compile),
  ...rotary(compile),
  ...attention(compile),
  ...attentionBackward(compile),
  ...cachedAttention(compile),
  ...rows(compile),
  ...tokenScores(compile),
  ...sampleTokens(compile),
  ...adamW(compile),
})
