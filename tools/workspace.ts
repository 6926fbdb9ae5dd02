import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL('..', import.meta.url))

/** The part of a package.json that the house's tools read. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly keywords?: readonly string[]
  readonly bin?: unknown
  readonly engines?: { readonly node?: string }
  readonly exports?: Readonly<Record<string, string | { readonly '@posttrain/source': string }>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** A package of ours. */
export interface WorkspacePackage {
  /** Name of its folder under packages/. */
  readonly folder: string
  readonly path: string
  readonly manifest: Manifest
}

/** All packages, by folder name. */
export const packages: readonly WorkspacePackage[] = readdirSync(join(root, 'packages'))
  .sort()
  .map((folder) => {
    const path = join(root, 'packages', folder)
    return { folder, path, manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest }
  })

/** The package of ours with this npm name. */
export const packageNamed = (name: string): WorkspacePackage | undefined =>
  packages.find(({ manifest }) => manifest.name === name)

/** The sources of what a package exports: of the package itself, then of its subpaths. */
export const entryPoints = ({ path, manifest }: WorkspacePackage): string[] =>
  Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [] : [join(path, target['@posttrain/source'])],
  )

/** Folder names of the packages of ours that a package depends on, in alphabetical order. */
export const ownDependencies = ({ manifest }: WorkspacePackage): string[] =>
  Object.keys(manifest.dependencies ?? {})
    .flatMap((name) => packageNamed(name)?.folder ?? [])
    .sort()

/** Reads a tsconfig.json, comments and all. */
export function readTsconfig(file: string): {
  readonly extends?: string
  readonly references?: readonly { readonly path: string }[]
} {
  return ts.parseConfigFileTextToJson(file, readFileSync(file, 'utf8')).config as ReturnType<typeof readTsconfig>
}
