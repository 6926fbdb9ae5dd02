// node tools/format-assembly.mjs --check | --write
// Prettier for AssemblyScript: its decorators on functions, which no parser of Prettier's takes, are comments meanwhile.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'

const write = process.argv.includes('--write')
const folder = fileURLToPath(new URL('../packages/compute/assembly/', import.meta.url))
const other = []
for (const name of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
  const text = readFileSync(folder + name, 'utf8')
  const commented = text.replace(/^@(?=\w)/gm, '//@')
  const options = { ...(await resolveConfig(folder + name)), parser: 'typescript' }
  const formatted = (await format(commented, options)).replace(/^\/\/@(?=\w)/gm, '@')
  if (formatted === text) continue
  other.push(name)
  if (write) writeFileSync(folder + name, formatted)
}
if (other.length > 0 && !write) {
  console.error(`not as prettier writes it: ${other.join(', ')} in packages/compute/assembly; npm run format does`)
  process.exitCode = 1
}
