import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../workspace.js'
import { run } from './consumer.js'

/** The program npm, as a script that any Node can run. */
export const npmScript: string = join(
  execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim(),
  'npm/bin/npm-cli.js',
)

/** What npm says where there is no network, and its cache has not what is asked for. */
export const NO_NETWORK = /ENOTCACHED|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/

/**
 * The binary of a Node, from npm's packages of it; kept beside other caches, 120 MB each.
 *
 * @returns its path, or nothing where it cannot be had: no network, or a platform without such a package
 */
export async function nodeBinary(version: string): Promise<string | undefined> {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${system}-${process.arch}`
  const folder = join(root, 'node_modules/.cache/node', version)
  const binary = join(folder, 'node_modules', name, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node')
  if (existsSync(binary)) return binary
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }))
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  const { code, output } = await run('npm', ['install', ...flags, `${name}@${version}`], folder)
  if (code === 0) return binary
  if (NO_NETWORK.test(output) || /E404|ETARGET/.test(output)) return undefined
  throw new Error(`npm cannot install ${name}@${version}:\n${output}`)
}
