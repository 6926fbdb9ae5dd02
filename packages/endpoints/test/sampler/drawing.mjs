// Draws 100 tasks of 20 samples from a server into a store: drawing.mjs FILE URL. Says a line for each sample.
import { register } from 'tsx/esm/api'

register()
const { endpointSampler, openSampleStore } = await import('@posttrain/endpoints')
const { collect, remembered, stored } = await import('@posttrain/sampling')

const [file, url] = process.argv.slice(2)
const store = await openSampleStore(file, { sampler: 'm' })
const endpoint = endpointSampler({ url, model: 'm', abilities: 'vllm', timeout: 0.5, attempts: 12 })
const sampler = remembered(stored(endpoint, store), { onSample: () => void process.stdout.write('sample\n') })
const tasks = Array.from({ length: 100 }, (_, i) => ({ id: `t${i}`, prompt: `say ${i}` }))
await collect(
  sampler,
  tasks.map((task) => ({ task, count: 20, seed: 3 })),
)
store.close()
process.stdout.write('done\n')
