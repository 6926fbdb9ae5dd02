import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const conditions = ['@posttrain/source', 'module', 'node', 'development|production']

/** The configuration of somebody who retries tests and gives them no second. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ['*.sample.ts'], retry: 3, testTimeout: 500 },
})
