import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'
import { newFile } from '../store/folder.js'
import { claimsOfServer } from './claims-of-server.js'
import { ggufFile } from './gguf-file.js'
import { missing, realServer } from './real-server.js'

const SERVER = fileURLToPath(new URL('./llama_cpp_server.py', import.meta.url))

const why = missing('SERVERS_PYTHON', 'xllamacpp')
describe.skipIf(why !== '')(`llama.cpp's server${why}`, { timeout: 60_000 }, () => {
  const url = realServer('SERVERS_PYTHON', () => {
    const model = newFile('tiny.gguf')
    writeFileSync(model, ggufFile())
    return [SERVER, model]
  })
  claimsOfServer({ url, dialect: 'llama.cpp', tooLong: 'request (600 tokens) exceeds the available context size' })
})
