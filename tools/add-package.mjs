// Adds a package that passes every check of the house, a beginning to be written over:
//   node tools/add-package.mjs <name> <layer> "<Description with a full stop.>" [dependency ...]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const [name, layer, description, ...given] = process.argv.slice(2)
const dependencies = given.sort()
const root = `packages/${name}`
const table = 'tools/import-table.js'

const problem =
  (!description && 'usage: node tools/add-package.mjs <name> <layer> "<Description.>" [dependency ...]') ||
  (!/^[a-z][a-z0-9-]*$/.test(name) && `${name} is not a package name: use lower-case letters, digits and hyphens`) ||
  (!/^[A-Z].*\.$/.test(description) && 'a description starts with a capital and ends with a full stop') ||
  (existsSync(root) && `${root} exists already: choose another name or edit it`) ||
  dependencies
    .map((d) => !existsSync(`packages/${d}`) && `packages/${d} does not exist, so nothing can depend on it`)
    .find(Boolean)
if (problem) {
  console.error(problem)
  process.exit(2)
}

const { version } = JSON.parse(readFileSync('packages/core/package.json', 'utf8'))
const write = (file, text) => writeFileSync(`${root}/${file}`, text)
const json = (value) => `${JSON.stringify(value, null, 2)}\n`
const npmName = `@posttrain/${name}`
const camelName = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())

mkdirSync(`${root}/src`, { recursive: true })
mkdirSync(`${root}/test`, { recursive: true })
write(
  'package.json',
  json({
    name: npmName,
    version,
    description,
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    exports: {
      '.': { '@posttrain/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist', '!dist/.tsbuildinfo', 'src'],
    ...(dependencies.length > 0 && {
      dependencies: Object.fromEntries(dependencies.map((d) => [`@posttrain/${d}`, `^${version}`])),
    }),
    nx: { name, tags: [`layer:${layer}`], targets: { build: {}, typecheck: {}, lint: {} } },
  }),
)
write(
  'tsconfig.json',
  json({
    extends: '../../tsconfig.base.json',
    ...(dependencies.length > 0 && { references: dependencies.map((d) => ({ path: `../${d}` })) }),
  }),
)
write('test/tsconfig.json', json({ extends: '../../../tools/tsconfig.test.json' }))
write('src/index.ts', `export * from './${name}.js'\n`)
write(
  `src/${name}.ts`,
  `/**
 * The name of this package: replace it with the first idea.
 *
 * @example
 * \`\`\`ts
 * ${camelName} // => '${npmName}'
 * \`\`\`
 */
export const ${camelName}: string = '${npmName}'
`,
)
write(
  `test/${name}.test.ts`,
  `import { expect, it } from 'vitest'
import { ${camelName} } from '../src/${name}.js'

it('has a name', () => {
  expect(${camelName}).toBe('${npmName}')
})
`,
)
write(
  'README.md',
  `# ${npmName}

${description}

\`\`\`sh
npm install ${npmName}
\`\`\`

\`\`\`ts
import assert from 'node:assert/strict'
import { ${camelName} } from '${npmName}'

assert.equal(${camelName}, '${npmName}')
\`\`\`
`,
)
const row = `  ${camelName === name ? name : `'${name}'`}: [${dependencies.map((d) => `'${d}'`).join(', ')}],\n`
writeFileSync(table, readFileSync(table, 'utf8').replace(/^}$/m, `${row}}`))
console.log(
  `added ${root}. Now run npm install; say in ${table} who may import it; if the layer is new, add it to tools/eslint.config.js; ` +
    'list the package in README.md and docs/architecture.md; and describe it with npm run changeset.',
)
