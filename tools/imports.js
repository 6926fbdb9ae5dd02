import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * @param {string} folder
 * @returns {string[]} paths of the TypeScript and JavaScript files in a folder and the folders in it, without what is
 *   installed there, sorted
 */
export function codeFiles(folder) {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => /\.m?[jt]s$/.test(file) && !/(?:^|[/\\])node_modules[/\\]/.test(file))
    .sort()
    .map((file) => join(folder, file))
}

/**
 * The modules that a file names, as it names them: in imports (type-only ones too), re-exports, `import()` and import types.
 *
 * @param {string} file
 * @returns {string[]} without repetition
 */
export function namedModules(file) {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'))
  return [...new Set(importedFiles.map(({ fileName }) => fileName))]
}

/**
 * @param {string} file the file that names the module
 * @param {string} name the module as it names it
 * @returns {string | undefined} the file of ours that a relative name means; undefined for other names
 */
export function relativeModule(file, name) {
  if (!name.startsWith('.')) return undefined
  const path = join(dirname(file), name)
  return [path.replace(/js$/, 'ts'), path].find((candidate) => existsSync(candidate))
}

/** @returns {Map<string, { folder: string, dependencies: string[] }>} our packages, by npm name: folder name and dependencies */
export function ownPackages() {
  const folders = readdirSync(join(root, 'packages')).filter((folder) =>
    existsSync(join(root, 'packages', folder, 'package.json')),
  )
  const manifests = folders.map((folder) => ({
    folder,
    manifest: JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')),
  }))
  const ours = new Set(manifests.map(({ manifest }) => manifest.name))
  return new Map(
    manifests.map(({ folder, manifest }) => [
      manifest.name,
      { folder, dependencies: Object.keys(manifest.dependencies ?? {}).filter((name) => ours.has(name)) },
    ]),
  )
}
