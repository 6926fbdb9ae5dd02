// Bundles src/viewer into the scripts of pages, one a page. The same sources give the same bytes, which is how a test
// knows that a committed script is current.
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** The scripts by the name of what they export: where each begins, and what it is for. */
export const SCRIPTS = {
  viewer: { entry: 'main.ts', purpose: 'Brings the lists of tasks in a page to life.' },
  reviewer: { entry: 'review-main.ts', purpose: 'Takes the verdicts of a person in a page for review.' },
  live: { entry: 'live-main.ts', purpose: 'Draws what a server tells a page of something that goes on.' },
}

/**
 * @param {keyof typeof SCRIPTS} name
 * @returns {Promise<string>} the contents of src/NAME.generated.ts
 */
export async function bundleViewer(name) {
  const { entry, purpose } = SCRIPTS[name]
  const [{ output }] = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: {
        entry: fileURLToPath(new URL(`../src/viewer/${entry}`, import.meta.url)),
        formats: ['iife'],
        name,
      },
    },
  })
  const script = output[0].code.trim()
  if (/<\/script|<!--/i.test(script)) throw new Error('the script would end its element in the page')
  const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`
  return `// Made of src/viewer by scripts/build-viewer.mjs.

/** ${purpose} */
export const ${name}Script: string = ${JSON.stringify(script)}

/** The script as a Content-Security-Policy names it. */
export const ${name}Hash: string = '${hash}'
`
}
