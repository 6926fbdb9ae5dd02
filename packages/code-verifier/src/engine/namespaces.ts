import { spawnSync } from 'node:child_process'
import { unsupported } from '@posttrain/core'

/** Ways to a network namespace without a network, and to process ids that all end together. */
const WAYS: readonly (readonly string[])[] = [
  ['unshare', '--net', '--pid', '--fork', '--kill-child', '--'],
  ['unshare', '--map-root-user', '--net', '--pid', '--fork', '--kill-child', '--'],
]

let found: readonly string[] | undefined

/**
 * What starts a command without a network.
 *
 * @throws PosttrainError `unsupported` where this system gives no namespaces to this user
 */
export function withoutNetwork(): readonly string[] {
  found ??= WAYS.find(([command, ...args]) => spawnSync(command!, [...args, 'true'], { stdio: 'ignore' }).status === 0)
  if (found) return found
  throw unsupported(
    'isolation process-without-network needs network namespaces, which unshare does not get here',
    'run on Linux where unprivileged user namespaces are allowed, or choose isolation process in a container without network',
  )
}
