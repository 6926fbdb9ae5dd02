/**
 * Writes docs/procedures.md:
 *
 *     npx tsx --conditions=@posttrain/source tools/procedures/write.ts
 */
import { writeFileSync } from 'node:fs'
import { proceduresPage } from './page.js'

writeFileSync(new URL('../../docs/procedures.md', import.meta.url), await proceduresPage())
