// node packages/report/scripts/build-viewer.mjs: bundles src/viewer into src/*.generated.ts.
import { writeFile } from 'node:fs/promises'
import { bundleViewer, SCRIPTS } from './bundle-viewer.mjs'

for (const name of Object.keys(SCRIPTS)) {
  const contents = await bundleViewer(name)
  await writeFile(new URL(`../src/${name}.generated.ts`, import.meta.url), contents)
  console.log(`src/${name}.generated.ts: ${contents.length} bytes`)
}
