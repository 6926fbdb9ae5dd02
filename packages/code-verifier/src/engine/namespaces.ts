import { spawnSync } from 'node:child_process'
import { unsupported } from '@posttrain/core'

/** What starts a command in namespaces of its own. */
export interface Namespaces {
  readonly around: readonly string[]
  /** Whether the command is then started by root itself, and not by a user who is root in there alone. */
  readonly root: boolean
}

const ALWAYS = ['--net', '--pid', '--fork', '--kill-child']
const known = new Map<string, Namespaces | undefined>()

/**
 * What starts a command without a network, and with process ids that all end together.
 *
 * @param more namespaces, as options of `unshare`
 * @throws PosttrainError `unsupported` where this system gives no namespaces to this user
 */
export function namespaces(more: readonly string[]): Namespaces {
  const key = more.join(' ')
  if (!known.has(key)) known.set(key, tried(more))
  const found = known.get(key)
  if (found) return found
  throw unsupported(
    `unshare gets no namespaces here (${[...ALWAYS, ...more].join(' ')})`,
    'run on Linux where unprivileged user namespaces are allowed, or choose isolation process in a container without network',
  )
}

function tried(more: readonly string[]): Namespaces | undefined {
  const ways = [
    { around: ['unshare', ...ALWAYS, ...more, '--'], root: true },
    { around: ['unshare', '--map-root-user', ...ALWAYS, ...more, '--'], root: false },
  ]
  return ways.find(({ around: [command, ...args] }) => {
    return spawnSync(command!, [...args, 'true'], { stdio: 'ignore' }).status === 0
  })
}
