import { ggufBytes } from './gguf-bytes.js'
import { SPECIALS, TEMPLATE, TINY, tinyWeights, VOCABULARY, type Weight } from './tiny-model.js'

/** The tiny model as the file that llama.cpp loads. */
export function ggufFile(): Uint8Array {
  const { width, layers, heads, keyValueHeads, headSize, hidden, context } = TINY
  const metadata = {
    'general.architecture': { text: 'llama' },
    'general.file_type': { u32: 0 },
    'llama.context_length': { u32: context },
    'llama.embedding_length': { u32: width },
    'llama.block_count': { u32: layers },
    'llama.feed_forward_length': { u32: hidden },
    'llama.attention.head_count': { u32: heads },
    'llama.attention.head_count_kv': { u32: keyValueHeads },
    'llama.attention.layer_norm_rms_epsilon': { f32: 1e-6 },
    'llama.rope.freq_base': { f32: 10_000 },
    'llama.rope.dimension_count': { u32: headSize },
    'llama.vocab_size': { u32: VOCABULARY.length },
    'tokenizer.ggml.model': { text: 'gpt2' },
    'tokenizer.ggml.pre': { text: 'default' },
    'tokenizer.ggml.tokens': { texts: VOCABULARY },
    // 3 is a control token, 1 a normal one.
    'tokenizer.ggml.token_type': { i32s: VOCABULARY.map((_, id) => (id < SPECIALS.length ? 3 : 1)) },
    // llama.cpp wants one; two spaces are no token, so that it never applies.
    'tokenizer.ggml.merges': { texts: ['Ġ Ġ'] },
    'tokenizer.ggml.padding_token_id': { u32: 0 },
    'tokenizer.ggml.bos_token_id': { u32: 1 },
    'tokenizer.ggml.eos_token_id': { u32: 2 },
    'tokenizer.ggml.add_bos_token': { bool: false },
    'tokenizer.chat_template': { text: TEMPLATE },
  }
  const tensors = [...tinyWeights()].map(([name, weight]) => [ggufName(name), ggufOrder(name, weight)] as const)
  return ggufBytes(metadata, new Map(tensors))
}

const NAMES: Readonly<Record<string, string>> = {
  'model.embed_tokens': 'token_embd',
  'model.norm': 'output_norm',
  lm_head: 'output',
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
  input_layernorm: 'attn_norm',
  post_attention_layernorm: 'ffn_norm',
}

function ggufName(name: string): string {
  const [, layer, part] = /^(?:model\.layers\.(\d+)\.)?(.*)\.weight$/.exec(name)!
  return `${layer === undefined ? '' : `blk.${layer}.`}${NAMES[part!]!}.weight`
}

/** Rotary pairs are neighbours in llama.cpp, and halves of a head in Hugging Face: rows of queries and keys move. */
function ggufOrder(name: string, weight: Weight): Weight {
  if (!/\.[qk]_proj\./.test(name)) return weight
  const { shape, data } = weight
  const [rows, columns] = shape as readonly [number, number]
  const half = TINY.headSize / 2
  const moved = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    const within = row % TINY.headSize
    const to = row - within + (within < half ? 2 * within : 2 * (within - half) + 1)
    moved.set(data.subarray(row * columns, (row + 1) * columns), to * columns)
  }
  return { ...weight, data: moved }
}
