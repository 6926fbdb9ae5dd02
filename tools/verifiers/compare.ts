// Writes docs/verifiers.md:
//   npx tsx --conditions=@posttrain/source tools/verifiers/compare.ts
import { writeFileSync } from 'node:fs'
import { comparison } from './comparison.js'
import { verifiersDocument } from './document.js'

writeFileSync(new URL('../../docs/verifiers.md', import.meta.url), verifiersDocument(comparison()))
