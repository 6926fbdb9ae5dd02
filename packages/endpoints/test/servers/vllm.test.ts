import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe } from 'vitest'
import { claimsOfServer } from './claims-of-server.js'
import { modelFolder } from './model-folder.js'
import { missing, realServer } from './real-server.js'

/** vLLM cannot choose a port itself. */
async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}

const ON_CPU = {
  VLLM_TARGET_DEVICE: 'cpu',
  VLLM_CPU_KVCACHE_SPACE: '1',
  VLLM_CPU_OMP_THREADS_BIND: 'nobind',
  VLLM_HOST_IP: '127.0.0.1',
  VLLM_NO_USAGE_STATS: '1',
}

const why = missing('VLLM_PYTHON', 'vllm')
describe.skipIf(why !== '')(`vLLM${why}`, { timeout: 60_000 }, async () => {
  const at = ['--served-model-name', 'tiny', '--host', '127.0.0.1', '--port', await freePort()]
  const size = ['--dtype', 'float32', '--max-model-len', '512', '--max-num-seqs', '8', '--enforce-eager']
  const url = realServer(
    'VLLM_PYTHON',
    () => ['-m', 'vllm.entrypoints.cli.main', 'serve', modelFolder({ isSampled: true }), ...at, ...size],
    ON_CPU,
  )
  claimsOfServer({ url, dialect: 'vllm', tooLong: 'maximum context length is 512 tokens' })
})
