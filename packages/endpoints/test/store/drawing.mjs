// Draws samples into a store, as fast as the store takes them: drawing.mjs FILE FIRST COUNT. Says one line for each
// sample that was drawn anew, before it is kept, and `done` at the end.
import { register } from 'tsx/esm/api'

register()
const { openSampleStore } = await import('@posttrain/endpoints')
const { collect, stored } = await import('@posttrain/sampling')

const [file, first, count] = process.argv.slice(2)
const store = await openSampleStore(file, { sampler: 'test' })
const usage = { promptTokens: 1, completionTokens: 2, cost: 0.5 }
const sampler = {
  async *sample(requests) {
    for (const { task, count: n, seed, firstIndex = 0 } of requests) {
      for (let index = firstIndex; index < firstIndex + n; index++) {
        process.stdout.write(`${task.id} ${index}\n`)
        yield { id: task.id, taskId: task.id, index, seed, text: `${task.id}/${index}`, finish: 'stop', usage }
      }
    }
  },
}
const tasks = Array.from({ length: Number(count) }, (_, i) => ({ id: `t${Number(first) + i}`, prompt: '?' }))
await collect(
  stored(sampler, store),
  tasks.map((task) => ({ task, count: 20, seed: 0 })),
)
store.close()
process.stdout.write('done\n')
