import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Tests run on the sources of every package: no build comes before them. */
const conditions = ['@posttrain/source']

export default defineConfig({
  root,
  cacheDir: `${root}/node_modules/.cache/vitest`,
  resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'tools/test/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    reporters: ['default', `${root}/tools/closing-line-reporter.ts`],
  },
})
