import type { KernelName } from '../../kernels.js'
import type { SignaturesOf } from '../signature.js'
import { attentionSignatures } from './attention.js'
import { layerSignatures } from './layers.js'
import { optimizerSignatures } from './optimizer.js'
import { tokenSignatures } from './tokens.js'

/** What each kernel requires of its arguments; every device checks by this table. */
export const signatures: SignaturesOf<KernelName> = {
  ...layerSignatures,
  ...attentionSignatures,
  ...tokenSignatures,
  ...optimizerSignatures,
}
