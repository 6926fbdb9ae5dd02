// Bundles src/viewer into the one script of a page. The same sources give the same bytes, which is how a test knows that
// the committed script is current.
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** @returns {Promise<string>} the contents of src/viewer.generated.ts */
export async function bundleViewer() {
  const [{ output }] = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: {
        entry: fileURLToPath(new URL('../src/viewer/main.ts', import.meta.url)),
        formats: ['iife'],
        name: 'viewer',
      },
    },
  })
  const script = output[0].code.trim()
  if (/<\/script|<!--/i.test(script)) throw new Error('the script would end its element in the page')
  const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`
  return `// Made of src/viewer by scripts/build-viewer.mjs.

/** Brings the lists of tasks in a page to life. */
export const viewerScript: string = ${JSON.stringify(script)}

/** The script as a Content-Security-Policy names it. */
export const viewerHash: string = '${hash}'
`
}
