// Adds a package with the shape every package of this repository has:
//   node tools/add-package.mjs <name> <layer> "<description>" [dependency ...]
import { mkdirSync, writeFileSync, existsSync } from 'node:fs'

const [name, layer, description, ...dependencies] = process.argv.slice(2)
if (!name || !layer || !description) {
  console.error('usage: node tools/add-package.mjs <name> <layer> "<description>" [dependency ...]')
  process.exit(2)
}
const root = `packages/${name}`
if (existsSync(`${root}/package.json`)) {
  console.error(`${root} exists already; choose another name or edit it.`)
  process.exit(2)
}
const write = (file, text) => writeFileSync(`${root}/${file}`, text)
const json = (value) => JSON.stringify(value, null, 2) + '\n'

mkdirSync(`${root}/src`, { recursive: true })
mkdirSync(`${root}/test`, { recursive: true })
write('package.json', json({
  name: name === 'cli' ? 'posttrain' : `@posttrain/${name}`,
  version: '0.1.0',
  description,
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20.19' },
  exports: {
    '.': {
      '@posttrain/source': './src/index.ts',
      types: './dist/index.d.ts',
      default: './dist/index.js',
    },
    './package.json': './package.json',
  },
  files: ['dist', '!dist/.tsbuildinfo', 'src'],
  ...(dependencies.length > 0
    ? { dependencies: Object.fromEntries(dependencies.sort().map((d) => [`@posttrain/${d}`, '^0.1.0'])) }
    : {}),
  nx: { name, tags: [`layer:${layer}`], targets: { build: {}, lint: {} } },
}))
write('tsconfig.json', json({
  extends: '../../tsconfig.base.json',
  ...(dependencies.length > 0 ? { references: dependencies.sort().map((d) => ({ path: `../${d}` })) } : {}),
}))
write('src/index.ts', 'export {}\n')
write('README.md', `# ${name === 'cli' ? 'posttrain' : `@posttrain/${name}`}\n\n${description}\n`)
console.log(`added ${root}; now run npm install, and add it to the package table in README.md`)
