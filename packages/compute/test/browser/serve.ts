import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'

/** Headers that make a page cross-origin isolated, which shared memory asks for. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

/** page.ts and everything it imports, as one module. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('./page.ts', import.meta.url))
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@posttrain/source', 'module', 'browser', 'production'] },
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry, formats: ['es'] },
      // Node's way to a GPU; a browser has its own.
      rollupOptions: { external: ['webgpu'], output: { inlineDynamicImports: true } },
    },
  })) as Rollup.RollupOutput[]
  return result[0]!.output[0].code
}

/** A local server of the page: isolated at `/`, without the headers at `/plain`. */
export interface PageServer {
  readonly url: string
  close(): Promise<void>
}

/** Bundles and serves the page on a free port. */
export async function servePage(): Promise<PageServer> {
  const code = await bundle()
  const server = createServer((request, response) => {
    const headers = request.url?.startsWith('/plain') ? {} : isolation
    if (request.url?.endsWith('.js')) {
      response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript' }).end(code)
    } else {
      response
        .writeHead(200, { ...headers, 'Content-Type': 'text/html' })
        .end(`<!doctype html><title>@posttrain/compute</title><script type="module" src="page.js"></script>`)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
