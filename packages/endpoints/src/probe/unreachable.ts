import { PosttrainError, reasonOf } from '@posttrain/core'
import type { Connection } from '../server/connection.js'

/** Why nothing can be found out about a server. */
export const unreachable = ({ name }: Connection, error: unknown): PosttrainError =>
  new PosttrainError('sampler-failed', `${name} cannot be asked: ${reasonOf(error)}`, 'check that the server runs')
