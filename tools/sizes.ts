// What each package costs those who install it, and what a bundle of some of it weighs: recorded in tools/sizes.json, and
// said in the README of each package. Growth is seen in review.
//   npm run sizes    records both anew
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { run } from './check/consumer.js'
import { installedWith } from './installed.js'
import { packageNamed, packages, root } from './workspace.js'

/** What `npm install` of one package brings. */
export interface InstalledSize {
  /** Names of all packages, itself included, sorted; a name twice is there in two versions. */
  readonly packages: readonly string[]
  /** The sizes of all their files, added up. */
  readonly bytes: number
}

/** What a program for browsers weighs. */
export interface BundleSize {
  readonly minified: number
  readonly gzip: number
}

/** What is recorded. */
export interface Sizes {
  readonly installed: Readonly<Record<string, InstalledSize>>
  readonly bundled: Readonly<Record<string, BundleSize>>
}

const recordFile = join(root, 'tools/sizes.json')

/** What was recorded last. */
export const recordedSizes = (): Sizes => JSON.parse(readFileSync(recordFile, 'utf8')) as Sizes

/** Bytes of a package's own files, packages inside it left out. */
function bytesOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? sum : sum + bytesOf(path)
    return sum + statSync(path).size
  }, 0)
}

/** What our packages weigh, as npm would pack them from what was built. */
async function packedBytes(): Promise<ReadonlyMap<string, number>> {
  const names = packages.flatMap(({ manifest }) => ['-w', manifest.name])
  const { code, output } = await run('npm', ['pack', '--dry-run', '--json', '--silent', ...names], root)
  if (code !== 0) throw new Error(`npm pack failed:\n${output}`)
  const packed = JSON.parse(output) as readonly { readonly name: string; readonly unpackedSize: number }[]
  return new Map(packed.map(({ name, unpackedSize }) => [name, unpackedSize]))
}

/** Programs whose bundles are weighed, as their authors would write them. */
const programs: Readonly<Record<string, string>> = {
  passAtK: "export { passAtK } from '@posttrain/estimators'",
  'passAtK and meanEstimate': "export { meanEstimate, passAtK } from '@posttrain/estimators'",
  'all of estimators': "export * from '@posttrain/estimators'",
  'a table of estimates': "export { estimateTable, renderTable } from '@posttrain/report'",
  'training in a page': `export { createDevice } from '@posttrain/compute'
    export { TransformerPolicy } from '@posttrain/models'
    export { train } from '@posttrain/trainers'`,
}

async function bundleSize(contents: string): Promise<BundleSize> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    external: ['node:*', 'gpu.js', 'webgpu', 'vega', 'vega-lite'], // what a page has not, and what is loaded if it is there
  })
  const code = outputFiles[0]!.contents
  return { minified: code.length, gzip: gzipSync(code).length }
}

/** The sizes of what is built now. */
export async function measuredSizes(): Promise<Sizes> {
  const packed = await packedBytes()
  const installed = packages.map(({ manifest: { name } }): [string, InstalledSize] => {
    const all = installedWith([name])
    const bytes = all.map(({ manifest, folder }) => packed.get(manifest.name) ?? bytesOf(folder))
    return [name, { packages: all.map(({ manifest }) => manifest.name).sort(), bytes: bytes.reduce((a, b) => a + b) }]
  })
  const bundled = Object.entries(programs).map(async ([name, code]) => [name, await bundleSize(code)] as const)
  return { installed: Object.fromEntries(installed), bundled: Object.fromEntries(await Promise.all(bundled)) }
}

/** The sentence of a README on how its package is loaded and what installing it brings. */
export function installedSentence({ packages: { length }, bytes }: InstalledSize): string {
  const size = bytes < 1e6 ? `${Number((bytes / 1e3).toPrecision(2))} kB` : `${Number((bytes / 1e6).toPrecision(2))} MB`
  const loaded = 'ES modules, which Node 20.19, 22.12 and later also load by `require`.'
  return `${loaded} It installs as ${length} packages, ${size}.`
}

/** Where that sentence stands. */
export const installedSentencePattern = /^ES modules, which Node .*$/m

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const sizes = await measuredSizes()
  writeFileSync(recordFile, `${JSON.stringify(sizes, null, 2)}\n`)
  for (const [name, size] of Object.entries(sizes.installed)) {
    const readme = join(packageNamed(name)!.path, 'README.md')
    const text = readFileSync(readme, 'utf8')
    writeFileSync(readme, text.replace(installedSentencePattern, installedSentence(size)))
  }
}
