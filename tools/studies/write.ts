// Writes docs/NAME.md of a finished study:
//   npx tsx --conditions=@posttrain/source tools/studies/write.ts inference-objectives runs/inference-objectives-1
import { writeFileSync } from 'node:fs'
import { resumeStudy } from '@posttrain/recipes'
import { studyDocument } from './document.js'

const [name, folder] = process.argv.slice(2)
if (name === undefined || folder === undefined) throw new Error('give the name of a study, and its folder')
const result = await resumeStudy(name, folder)
if (!result.report) throw new Error(`${folder} is not finished`)
writeFileSync(new URL(`../../docs/${name}.md`, import.meta.url), studyDocument(result))
