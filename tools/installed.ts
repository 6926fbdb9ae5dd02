import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, type Manifest } from './workspace.js'

/** A package, ours or a third party's, where npm has put it. */
export interface InstalledPackage {
  readonly folder: string
  readonly manifest: Manifest
}

/** The package that a module in a folder gets by this name. */
function find(name: string, from: string): InstalledPackage | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', name, 'package.json')
    if (existsSync(file)) {
      return { folder: realpathSync(dirname(file)), manifest: JSON.parse(readFileSync(file, 'utf8')) as Manifest }
    }
    if (folder === dirname(folder)) return undefined
  }
}

/**
 * What `npm install` of packages of ours brings, in the versions of the lock file: themselves, what they depend on, and
 * peers that are not optional.
 *
 * @throws Error for a dependency that is not installed
 */
export function installedWith(names: readonly string[]): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>()
  const add = (name: string, from: string): void => {
    const one = find(name, from)
    if (!one) throw new Error(`${name}, a dependency of ${from}, is not installed`)
    if (found.has(one.folder)) return
    found.set(one.folder, one)
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = one.manifest
    const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional)
    for (const dependency of [...Object.keys(dependencies), ...peers]) add(dependency, one.folder)
  }
  for (const name of names) add(name, root)
  return [...found.values()]
}
