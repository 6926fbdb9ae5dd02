import type { KernelName } from '../../kernels.js'
import type { SignaturesOf } from '../signature.js'
import { attentionSignatures } from './attention.js'
import { layerSignatures } from './layers.js'
import { optimizerAndStatisticsSignatures } from './optimizer-and-statistics.js'
import { tokenSignatures } from './tokens.js'

/** What each kernel asks of its arguments: the one table that every device checks by. */
export const signatures: SignaturesOf<KernelName> = {
  ...layerSignatures,
  ...attentionSignatures,
  ...tokenSignatures,
  ...optimizerAndStatisticsSignatures,
}
