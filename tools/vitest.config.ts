import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Tests run on the sources of every package: no build comes before them. */
const conditions = ['@posttrain/source', 'module', 'node', 'development|production']

/** Where a test file has a process of its own, for it holds a device, servers, processes or the environment. */
const isolated = ['cli', 'compute', 'models', 'recipes', 'server', 'testing']
const isolatedTests = [`packages/{${isolated.join(',')}}/test/**/*.test.ts`, 'tools/test/**/*.test.ts']

export default defineConfig({
  root,
  cacheDir: `${root}/node_modules/.cache/vitest`,
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    testTimeout: 60_000,
    // A worker for each core; the default leaves one idle, which on two cores is half of them.
    maxWorkers: '100%',
    reporters: ['default', `${root}/tools/closing-line-reporter.ts`],
    // Sources as transformed, by their contents: the second run starts at once. CI trusts no cache.
    experimental: { fsModuleCache: !process.env['CI'] },
    projects: [
      { extends: true, test: { name: 'isolated', include: isolatedTests } },
      // The others are functions: their files share what they import, which otherwise takes longer than the tests do.
      {
        extends: true,
        test: { name: 'functions', include: ['packages/*/test/**/*.test.ts'], exclude: isolatedTests, isolate: false },
      },
    ],
  },
})
