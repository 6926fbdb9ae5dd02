// node packages/report/scripts/build-viewer.mjs: bundles src/viewer into src/viewer.generated.ts.
import { writeFile } from 'node:fs/promises'
import { bundleViewer } from './bundle-viewer.mjs'

const contents = await bundleViewer()
await writeFile(new URL('../src/viewer.generated.ts', import.meta.url), contents)
console.log(`src/viewer.generated.ts: ${contents.length} bytes`)
