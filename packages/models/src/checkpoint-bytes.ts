import { unsupported, type Checkpoint } from '@posttrain/core'

/** The bytes of a checkpoint. @throws PosttrainError `unsupported` for one that a service keeps */
export function checkpointBytes(checkpoint: Checkpoint): Uint8Array {
  if (!('location' in checkpoint)) return checkpoint
  throw unsupported(
    `the checkpoint is kept at ${JSON.stringify(checkpoint.location)}, but this model loads bytes`,
    'load what its own save returned',
  )
}
