import { readFileSync } from 'node:fs'

/** The fields of a package's package.json, in their order. */
export const manifestFields = [
  'name',
  'version',
  'description',
  'keywords',
  'license',
  'type',
  'sideEffects',
  'engines',
  'exports',
  'bin',
  'files',
  'publishConfig',
  'dependencies',
  'peerDependencies',
  'peerDependenciesMeta',
]

/** What is the same in every package. */
export const commonManifest = {
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '^20.19.0 || ^22.12.0 || >=23.0.0' },
  exports: {
    '.': { '@posttrain/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  files: ['dist', '!dist/.tsbuildinfo', 'src'],
  publishConfig: { access: 'public' },
}

/** The licence of the repository, which each package has a copy of: npm packs no file from outside its folder. */
export const licence = () => readFileSync(new URL('../LICENSE', import.meta.url), 'utf8')

/**
 * @param {Readonly<Record<string, unknown>>} manifest
 * @returns {string} a package.json as the house writes it
 */
export function manifestText(manifest) {
  const place = (field) => (manifestFields.includes(field) ? manifestFields.indexOf(field) : manifestFields.length)
  const fields = Object.keys(manifest).sort((a, b) => place(a) - place(b))
  return `${JSON.stringify(Object.fromEntries(fields.map((field) => [field, manifest[field]])), null, 2)}\n`
}
