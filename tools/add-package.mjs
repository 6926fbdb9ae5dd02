// Adds a package that passes every check of the house, a beginning to be written over:
//   node tools/add-package.mjs <name> "<Description with a full stop.>" [dependency ...]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { importTable } from './import-table.js'
import { commonManifest, licence, manifestText } from './manifest.js'

const usage = 'usage: node tools/add-package.mjs <name> "<Description.>" [dependency ...]'
const [name, description, ...given] = process.argv.slice(2)
const dependencies = given.sort()
const root = `packages/${name}`
const table = 'tools/import-table.js'

const problem =
  (!description && usage) ||
  (!/^[a-z][a-z0-9-]*$/.test(name) && `${name} is not a package name: use lower-case letters, digits and hyphens`) ||
  (!/^[A-Z].*\.$/.test(description) && `a description starts with a capital and ends with a full stop; ${usage}`) ||
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
  manifestText({
    ...commonManifest,
    name: npmName,
    version,
    description,
    keywords: ['llm', 'post-training', name],
    ...(dependencies.length > 0 && {
      dependencies: Object.fromEntries(dependencies.map((d) => [`@posttrain/${d}`, `^${version}`])),
    }),
  }),
)
write('LICENSE', licence())
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
if (!(name in importTable)) {
  const row = `  ${camelName === name ? name : `'${name}'`}: [${dependencies.map((d) => `'${d}'`).join(', ')}],\n`
  writeFileSync(table, readFileSync(table, 'utf8').replace(/^}$/m, `${row}}`))
}
console.log(
  `added ${root}. Now run npm install and npm run names; say in ${table} who may import it; ` +
    'list the package in README.md and docs/architecture.md; and describe it with npm run changeset.',
)
