import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { packageNamed, root, type WorkspacePackage } from '../workspace.js'

/** How a command ended. */
export interface Ended {
  readonly code: number
  readonly output: string
}

/** What the runner of the tests sets for itself: also colours, which nx asks of everything that it starts. */
const RUNNERS = /^(NODE_|NX_|VITEST|FORCE_COLOR$)/

/** Runs a program to its end, without the environment of the one that runs the tests. */
export async function run(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !RUNNERS.test(name)))
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { cwd, env, maxBuffer: 2 ** 26 })
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string }
    return { code: typeof code === 'number' ? code : 1, output: `${stdout}${stderr}` || String(error) }
  }
}

/** Packs packages as npm would publish them; gives the tarball of each, by npm name. */
export async function packAll(packages: readonly WorkspacePackage[], folder: string): Promise<Map<string, string>> {
  await mkdir(folder, { recursive: true })
  const names = packages.flatMap(({ manifest }) => ['-w', manifest.name])
  const { code, output } = await run('npm', ['pack', '--silent', ...names, '--pack-destination', folder], root)
  if (code !== 0) throw new Error(`npm pack failed:\n${output}`)
  return new Map(
    packages.map(({ manifest }) => {
      const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
      return [manifest.name, join(folder, file)]
    }),
  )
}

/** The package of ours with this name, and all of ours that it depends on, by name. */
function closure(name: string, seen = new Map<string, WorkspacePackage>()): Map<string, WorkspacePackage> {
  const one = packageNamed(name)
  if (!one || seen.has(name)) return seen
  seen.set(name, one)
  for (const dependency of Object.keys(one.manifest.dependencies ?? {})) closure(dependency, seen)
  return seen
}

async function link(name: string, from: WorkspacePackage, modules: string): Promise<void> {
  const nested = join(from.path, 'node_modules', name)
  const target = existsSync(nested) ? nested : join(root, 'node_modules', name)
  if (!existsSync(target)) throw new Error(`${name}, a dependency of ${from.manifest.name}, is not installed`)
  const path = join(modules, name)
  await mkdir(dirname(path), { recursive: true })
  if (!existsSync(path)) await symlink(target, path)
}

/** The packages that a README's first `npm install` line names, or the one its first `npx` line runs, as it says them. */
export function installWords(readme: string): string[] {
  const [, names = '', command = ''] = /^npm (?:install|i) (.+)$|^npx (\S+)/m.exec(readme) ?? []
  return `${names} ${command}`.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'))
}

/** The same without versions. */
export const installLine = (readme: string): string[] =>
  installWords(readme).map((word) => word.replace(/(?<=.)@[^@/]+$/, ''))

/**
 * An empty project with packages installed. Ours come out of their tarballs; third-party packages are linked from the
 * workspace, so that no network is needed, and each where only its dependant sees it, so that an undeclared one is missing.
 *
 * @param names as after `npm install`
 * @param one the package on whose behalf third-party packages among the names are looked up
 */
export async function install(
  names: readonly string[],
  one: WorkspacePackage,
  tarballs: ReadonlyMap<string, string>,
  project: string,
): Promise<void> {
  const modules = join(project, 'node_modules')
  await mkdir(modules, { recursive: true })
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module', private: true }))
  for (const name of ['@types/node', ...names.filter((n) => !packageNamed(n))]) await link(name, one, modules)
  const wanted = new Map(names.flatMap((name) => [...closure(name)]))
  for (const [name, own] of wanted) {
    const folder = join(modules, name)
    await mkdir(folder, { recursive: true })
    const { code, output } = await run('tar', ['-xzf', tarballs.get(name)!, '--strip-components=1'], folder)
    if (code !== 0) throw new Error(`cannot unpack ${name}:\n${output}`)
    const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = own.manifest
    for (const third of Object.keys(dependencies).filter((dependency) => !packageNamed(dependency))) {
      await link(third, own, join(folder, 'node_modules'))
    }
    for (const peer of Object.keys(peerDependencies)) {
      if (!peerDependenciesMeta[peer]?.optional) await link(peer, own, modules)
    }
  }
}
