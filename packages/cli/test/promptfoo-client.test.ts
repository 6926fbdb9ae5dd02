import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { majorityVote } from '@posttrain/sampling'
import { endpointSampler } from '@posttrain/endpoints'
import { listen, procedureServer } from '@posttrain/server'
import { openAiServer } from './openai-server.js'
import { emptyFolder, ended } from './posttrain.js'

const PROMPTFOO = fileURLToPath(new URL('./promptfoo/node_modules/promptfoo/dist/src/entrypoint.js', import.meta.url))
const skipped = existsSync(PROMPTFOO)
  ? ''
  : ' (skipped: npm ci --omit=optional --ignore-scripts --prefix packages/cli/test/promptfoo)'

it.skipIf(skipped !== '')(
  `promptfoo evaluates a served procedure as a model${skipped}`,
  { timeout: 120_000 },
  async () => {
    const upstream = await openAiServer()
    const sampler = endpointSampler({ url: upstream.url, model: 'adder', abilities: 'any' })
    const procedures = { 'majority:9': majorityVote({ k: 9 }) }
    const { url, close } = await listen(procedureServer({ procedures, sampler, token: 'secret' }), { port: 0 })
    const cwd = emptyFolder()
    const config = {
      prompts: ['{{question}}'],
      providers: [
        { id: 'openai:chat:majority:9', config: { apiBaseUrl: `${url}/v1`, apiKey: 'secret', temperature: 1 } },
      ],
      tests: Array.from({ length: 5 }, (_, i) => ({
        vars: { question: `${i} + 40` },
        assert: [{ type: 'equals', value: `It is ${i + 40}.` }],
      })),
    }
    writeFileSync(join(cwd, 'promptfooconfig.json'), JSON.stringify(config))
    const env = {
      PROMPTFOO_CONFIG_DIR: join(cwd, 'promptfoo'),
      PROMPTFOO_DISABLE_TELEMETRY: '1',
      PROMPTFOO_DISABLE_UPDATE: '1',
    }
    const args = [
      'eval',
      '-c',
      'promptfooconfig.json',
      '-o',
      'out.json',
      '--no-progress-bar',
      '--no-table',
      '--no-cache',
    ]
    const { status, stdout, stderr } = await ended(process.execPath, [PROMPTFOO, ...args], { cwd, env })
    expect({ status, stdout, stderr }).toMatchObject({ status: 0 })
    const { results } = JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8')) as {
      results: { stats: { successes: number; failures: number; errors: number; tokenUsage: { completion: number } } }
    }
    expect(results.stats).toMatchObject({ successes: 5, failures: 0, errors: 0, tokenUsage: { completion: 5 * 9 * 3 } })
    expect(upstream.asked).toHaveLength(5 * 9)
    await close()
    await upstream.close()
  },
)
