import type { ActivationKernels } from './kernels/activations.js'
import type { AttentionKernels } from './kernels/attention.js'
import type { ElementwiseKernels } from './kernels/elementwise.js'
import type { EmbeddingKernels } from './kernels/embedding.js'
import type { NormalisationKernels } from './kernels/normalisation.js'
import type { OptimizerKernels } from './kernels/optimizer.js'
import type { ProductKernels } from './kernels/products.js'
import type { RowKernels } from './kernels/rows.js'
import type { SamplingKernels } from './kernels/sampling.js'
import type { TokenScoreKernels } from './kernels/token-scores.js'

/**
 * Every kernel by its name, with its arguments: `Kernels['matmul']` is what `device.matmul` takes.
 *
 * A buffer's shape is written as `(rows, columns)` and is row-major. Buffers are f32, unless their shape begins with
 * i32. A buffer that is *replaced* may hold anything before; one that is *added to* must hold numbers. Buffers of a
 * call must not overlap a buffer that is written to, unless its description says which it may be.
 */
export interface Kernels
  extends
    ProductKernels,
    NormalisationKernels,
    ActivationKernels,
    ElementwiseKernels,
    AttentionKernels,
    RowKernels,
    EmbeddingKernels,
    TokenScoreKernels,
    SamplingKernels,
    OptimizerKernels {}

/** The name of a kernel. */
export type KernelName = keyof Kernels
