import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Tests of what is published and of the house itself: they need a build or nx, and belong to `npm run check`. */
export default defineConfig({
  root,
  cacheDir: `${root}/node_modules/.cache/vitest`,
  test: {
    include: ['tools/check/**/*.test.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxConcurrency: 2,
    reporters: ['default', `${root}/tools/closing-line-reporter.ts`],
  },
})
