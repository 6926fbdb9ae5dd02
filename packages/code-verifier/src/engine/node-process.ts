import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from './process.js'

const RUNTIME = fileURLToPath(new URL('../../runtime/', import.meta.url))

/** The flag of Node's permission model, which had another name before 22.13. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission'

/**
 * Node under its permission model: it reads the interpreters' own files, writes none, and starts no process, thread or
 * add-on.
 *
 * @param around what to start it with, for instance `unshare --net`
 * @param folders that it reads
 */
export function nodeProcess(around: readonly string[], folders: readonly string[]): Command {
  const node = [
    process.execPath,
    PERMISSION,
    '--no-warnings',
    '--max-old-space-size=256',
    ...[RUNTIME, ...folders].map((folder) => `--allow-fs-read=${folder.replace(/\/?$/, '/*')}`),
    `${RUNTIME}process.mjs`,
  ]
  const [command, ...args] = [...around, ...node]
  return { command: command!, args, cwd: RUNTIME, channel: [0, 1], stdio: ['pipe', 'pipe', 'pipe', 'pipe'] }
}

/** The folder of a package that ours installs. */
export function packageFolder(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name)
  return entry.slice(0, entry.lastIndexOf(`/${name}/`) + name.length + 1) || dirname(entry)
}
