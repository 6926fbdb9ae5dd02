import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createReferenceDevice, type Device } from '@posttrain/compute'
import type { Policy, Prompt, Scorer } from '@posttrain/core'
import { gpt2Like, llamaLike, loadHuggingFace, RewardModel, TransformerPolicy } from '@posttrain/models'
import { jinjaTemplate, wordTokenizer } from '@posttrain/text'

/** Something that is loaded from files, and used. */
export interface Subject {
  readonly name: string
  /** Contents by the files' names. */
  readonly files: Readonly<Record<string, Uint8Array>>
  /** Loads what the files say, uses it, and gives everything back to the device. */
  use(device: Device, files: Readonly<Record<string, Uint8Array>>): Promise<void>
}

const tokenizer = wordTokenizer(['a', 'b', 'user', 'model', '.'], '.')
const template = jinjaTemplate('{% for m in messages %}{{ m.role }} {{ m.content }} . {% endfor %}model')
const sizes = { vocabulary: 5, context: 16, width: 8, layers: 2, heads: 2 }
const config = llamaLike({ ...sizes, keyValueHeads: 1 })
const lora = { rank: 2, alpha: 4 }
const chat = [{ role: 'user' as const, content: 'a b' }]

async function score(scorer: Scorer, prompt: Prompt, text: string, name: 'logprob' | 'value'): Promise<void> {
  const sequences = await scorer.encode([{ prompt, pieces: [{ text }] }])
  await scorer.score(sequences, { scores: [name] })
}

/** Encodes, scores, draws and decodes, as whoever loads a policy does. */
async function usePolicy(policy: TransformerPolicy, prompt: string, text: string): Promise<void> {
  await score(policy, prompt, text, 'logprob')
  await draw(policy, prompt)
  if (policy.template) await score(policy, chat, text, 'logprob')
  await policy.save({ optimizer: true })
}

async function draw(policy: Policy, prompt: string): Promise<void> {
  const request = { task: { id: 'task', prompt }, count: 2, seed: 1, maxTokens: 3 }
  for await (const { tokens } of policy.sample([request])) if (tokens!.length > 3) throw new Error('too many tokens')
}

/** Disposes what was made of files, whatever becomes of its use. */
async function disposing<T extends { dispose(): void }>(model: T, work: (model: T) => Promise<void>): Promise<void> {
  try {
    await work(model)
  } finally {
    model.dispose()
  }
}

/** A checkpoint with its optimizer's state, an adapter's file, and a reward model's. */
async function ownFiles(): Promise<Subject[]> {
  const device = createReferenceDevice()
  const options = { device, config, tokenizer, template }
  const adapted = (on: Device): TransformerPolicy => new TransformerPolicy({ ...options, device: on, lora })
  const saved = { optimizer: true }
  const subjects: Subject[] = [
    {
      name: 'checkpoint',
      files: { 'policy.safetensors': await new TransformerPolicy(options).save(saved) },
      use: async (on, { 'policy.safetensors': file }) =>
        disposing(await TransformerPolicy.fromCheckpoint(on, file!), (policy) => usePolicy(policy, 'a b', 'a .')),
    },
    {
      name: 'adapter',
      files: { 'adapter.safetensors': await adapted(device).save(saved) },
      use: (on, { 'adapter.safetensors': file }) =>
        disposing(adapted(on), async (policy) => {
          await policy.load(file!)
          await usePolicy(policy, 'a b', 'a .')
        }),
    },
    {
      name: 'reward model',
      files: { 'reward.safetensors': await new RewardModel({ ...options, config: gpt2Like(sizes) }).save(saved) },
      use: async (on, { 'reward.safetensors': file }) =>
        disposing(await RewardModel.fromCheckpoint(on, file!), (model) => score(model, 'a b', 'a .', 'value')),
    },
  ]
  device.dispose()
  return subjects
}

const isWeights = (name: string): boolean => name.endsWith('.safetensors')
const read = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja']

/** A folder of the Hub; what it lacks is taken from another. */
function folder(path: string, lent: Readonly<Record<string, string>> = {}): Subject {
  const own = readdirSync(path).filter((name) => read.includes(name) || isWeights(name))
  const paths = { ...lent, ...Object.fromEntries(own.map((name) => [name, join(path, name)])) }
  return {
    name: `folder ${path}`,
    files: Object.fromEntries(Object.entries(paths).map(([name, from]) => [name, readFileSync(from)])),
    use: (device, files) => {
      const text = (name: string): string | undefined => files[name] && Buffer.from(files[name]).toString()
      const policy = loadHuggingFace({
        device,
        config: text('config.json') ?? '',
        weights: Object.keys(files)
          .filter(isWeights)
          .map((name) => files[name]!),
        tokenizer: text('tokenizer.json') ?? '',
        tokenizerConfig: text('tokenizer_config.json'),
        chatTemplate: text('chat_template.jinja'),
      })
      return disposing(policy, (one) => usePolicy(one, 'Four numbers', ' 24'))
    },
  }
}

/**
 * What files are of: our own kinds, and the small folders that the tests have.
 *
 * @param more folders of the Hub
 */
export async function subjects(more: readonly string[] = []): Promise<Subject[]> {
  const golden = join(import.meta.dirname, '../../golden')
  const of = (family: string): Record<string, string> => ({
    'tokenizer.json': `${golden}/hugging-face/${family}/tokenizer.json`,
    'tokenizer_config.json': `${golden}/hugging-face/${family}/tokenizer_config.json`,
  })
  const chatml = { 'chat_template.jinja': `${golden}/chat-templates/chatml.jinja` }
  for (const path of more) if (!existsSync(join(path, 'config.json'))) throw new Error(`${path} has no config.json`)
  return [
    ...(await ownFiles()),
    folder(`${golden}/hugging-face/gpt2`, chatml),
    folder(`${golden}/hugging-face/llama`, chatml),
    folder(`${golden}/hugging-face/llama-tied`, of('llama')),
    folder(`${golden}/hugging-face/qwen2`, { ...of('gpt2'), ...chatml }),
    ...more.map((path) => folder(path)),
  ]
}
