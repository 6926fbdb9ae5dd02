import { attentionCases } from './attention-cases.js'
import type { KernelCase } from './kernel-case.js'
import { layerCases } from './layer-cases.js'
import { optimizerCases } from './optimizer-cases.js'
import { tokenCases } from './token-cases.js'

/** The conformance table: every kernel but `sampleTokens`, whose tokens are compared in conform-sampling.ts. */
export const kernelCases: Readonly<Record<string, KernelCase>> = {
  ...layerCases,
  ...attentionCases,
  ...tokenCases,
  ...optimizerCases,
}
