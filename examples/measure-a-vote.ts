// A model behind a majority vote: declare the vote, estimate it with intervals, deploy it.
// Any source of completions is a sampler; what it draws is kept, so that nothing is paid for twice.
import { createStream, type Sample, type Sampler, type Task } from '@posttrain/core'
import { passAtKObjective } from '@posttrain/estimators'
import { answerMatches } from '@posttrain/rewards'
import { evaluate, majorityVote, stored } from '@posttrain/sampling'

/** Your model: here it knows the answer more often than not, and says it in words. */
async function complete(task: Task, seed: number, index: number): Promise<string> {
  const { a, b } = task.tags as { a: string; b: string }
  const right = Number(a) * Number(b)
  const u = createStream(seed, task.id, index).uniform()
  return `I think it is ${u < 0.55 ? right : u < 0.8 ? right + 10 : right - 1}.`
}

let calls = 0
const model: Sampler = {
  async *sample(requests) {
    for (const { task, count, firstIndex = 0, seed, id = task.id } of requests) {
      for (let index = firstIndex; index < firstIndex + count; index++) {
        calls++
        const text = await complete(task, seed, index)
        yield {
          id,
          taskId: task.id,
          index,
          seed,
          text,
          finish: 'stop',
          usage: { promptTokens: 8, completionTokens: 6 },
        }
      }
    }
  },
}
const kept = new Map<string, Sample>() // or a file, or a database
const sampler = stored(model, {
  get: (key, index) => kept.get(`${index} ${key}`),
  put: (key, sample) => void kept.set(`${sample.index} ${key}`, sample),
})

const answerOf = ({ text }: { text: string }): string | undefined => /-?\d+/.exec(text)?.[0]
const reward = answerMatches({ answerOf: (text) => answerOf({ text }) })
const tasks = Array.from({ length: 40 }, (_, i): Task => {
  const [a, b] = [12 + i, 37 - i]
  return { id: `${a}·${b}`, prompt: `${a} · ${b} = `, reference: String(a * b), tags: { a: `${a}`, b: `${b}` } }
})

// Declare.
const vote = majorityVote({ k: 5, answerOf })

// Estimate: the vote, what one sample is worth, and what a perfect verifier would make of five.
const objectives = [passAtKObjective({ k: 1 }), passAtKObjective({ k: 5 })]
const report = await evaluate({ sampler, tasks, reward, procedure: vote, objectives, samplesPerTask: 16 })
for (const { name, value, interval, tasks: n } of report.estimates) {
  console.log(`${name}: ${value.toFixed(3)} [${interval.lower.toFixed(3)}, ${interval.upper.toFixed(3)}], ${n} tasks`)
}

// Deploy. The samples of the run are the first that the evaluation drew: they are there already.
const drawn = calls
const { answer, reason } = await vote.run(sampler, tasks[0]!)
console.log(`${tasks[0]!.id} = ${answer} (${reason}); ${calls - drawn} new calls of the model`)
