import { createStream, type Outcome, type RewardFunction, type Sampler, type Task } from '@posttrain/core'
import { evaluate, majorityVote } from '@posttrain/sampling'
import { report } from './report.js'

const TASKS = Number(process.env['LOAD_TASKS'] ?? 10_000)
const SAMPLES = 64
/** Milliseconds within which a sample comes: as an endpoint far away answers. */
const LATENCY = 200
const USAGE = { promptTokens: 40, completionTokens: 120 }
/** Short: what is measured is the bookkeeping, and texts take what they take. */
const TEXT = 'So the answer is '

/** Ten answers, of which each task likes one more than the others. */
const answerOf = (task: number, index: number): string => String((task + (index % 3 === 0 ? index : 0)) % 10)

/**
 * A sampler that has nothing to compute: all that is asked for comes within the latency, in an order of chance. What
 * waits are two numbers for each sample, so that memory is that of whoever asks.
 */
const stub: Sampler = {
  async *sample(requests) {
    const due = Array.from({ length: LATENCY }, (): number[] => [])
    requests.forEach(({ count, seed, firstIndex = 0, task, id = task.id }, place) => {
      const stream = createStream(seed, id)
      for (let index = firstIndex; index < firstIndex + count; index++) due[stream.integer(LATENCY)]!.push(place, index)
    })
    for (const arriving of due) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      for (let i = 0; i < arriving.length; i += 2) {
        const { task, seed, id = task.id } = requests[arriving[i]!]!
        const index = arriving[i + 1]!
        const text = `${TEXT}#### ${answerOf(Number(task.id), index)}`
        yield { id, taskId: task.id, index, seed, text, finish: 'stop', usage: USAGE }
      }
    }
  },
}
const read = (text: string): string => text.slice(text.lastIndexOf('#### ') + 5)
const reward: RewardFunction = {
  name: 'exact',
  score: async ({ reference }, samples) =>
    samples.map(({ text }): Outcome => ({ kind: 'scored', reward: Number(read(text) === reference) })),
}
const tasks = (): Task[] =>
  Array.from({ length: TASKS }, (_, i) => ({ id: `${i}`, prompt: '?', reference: `${i % 10}` }))

/**
 * 10,000 tasks of 64 samples at the same time: drawn, checked, judged and estimated with an interval, beside the stub
 * that is drained without anything.
 */
export async function run(): Promise<void> {
  const alone = await timed(async () => {
    for await (const _ of stub.sample(tasks().map((task) => ({ task, count: SAMPLES, seed: 0 }))));
  })
  const procedure = majorityVote({ k: 8, answerOf: ({ text }) => read(text) })
  let value = NaN
  const ours = await timed(async () => {
    const all = { sampler: stub, tasks: tasks(), reward, procedure, samplesPerTask: SAMPLES, tasksInFlight: TASKS }
    value = (await evaluate(all)).estimates[0]!.value
  })
  const peer = 'the stub, drained without bookkeeping'
  report([
    {
      bench: 'samples',
      ours: ours.rate,
      peer,
      peer_value: alone.rate,
      ratio: ours.rate / alone.rate,
      unit: 'samples/s',
    },
    { bench: 'processor', ours: ours.cpu, peer, peer_value: alone.cpu, ratio: ours.cpu / alone.cpu, unit: 'µs/sample' },
  ])
  const peak = process.resourceUsage().maxRSS / 1024
  process.stdout.write(
    `${TASKS} tasks x ${SAMPLES} samples at once, maj@8 ${value.toFixed(4)}, peak ${peak.toFixed(0)} MB\n`,
  )
}

async function timed(work: () => Promise<void>): Promise<{ readonly rate: number; readonly cpu: number }> {
  const [began, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  const samples = TASKS * SAMPLES
  return { rate: samples / ((performance.now() - began) / 1000), cpu: (user + system) / samples }
}
