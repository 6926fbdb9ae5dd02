import { encodeSafetensors } from '@posttrain/models'
import { SPECIALS, TEMPLATE, TINY, tinyWeights, VOCABULARY } from './tiny-model.js'

/** The tiny model as the files of a Hugging Face folder. */
export function huggingFaceFiles() {
  return {
    'config.json': JSON.stringify({
      model_type: 'llama',
      architectures: ['LlamaForCausalLM'],
      vocab_size: VOCABULARY.length,
      hidden_size: TINY.width,
      num_hidden_layers: TINY.layers,
      num_attention_heads: TINY.heads,
      num_key_value_heads: TINY.keyValueHeads,
      head_dim: TINY.headSize,
      intermediate_size: TINY.hidden,
      max_position_embeddings: TINY.context,
      hidden_act: 'silu',
      rms_norm_eps: 1e-6,
      rope_theta: 10_000,
      tie_word_embeddings: false,
      torch_dtype: 'float32',
      ...ENDS,
    }),
    // Without do_sample, transformers takes the most likely token at every temperature.
    'generation_config.json': JSON.stringify({ ...ENDS, do_sample: true }),
    'tokenizer.json': JSON.stringify(tokenizer()),
    'tokenizer_config.json': JSON.stringify({
      tokenizer_class: 'PreTrainedTokenizerFast',
      pad_token: SPECIALS[0],
      bos_token: SPECIALS[1],
      eos_token: SPECIALS[2],
      model_max_length: TINY.context,
      clean_up_tokenization_spaces: false,
      chat_template: TEMPLATE,
    }),
    'model.safetensors': encodeSafetensors({ tensors: tinyWeights(), metadata: { format: 'pt' } }),
  }
}

const ENDS = { pad_token_id: 0, bos_token_id: 1, eos_token_id: 2 }

function tokenizer() {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }
  const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIALS.map((content, id) => ({ id, content, ...special })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(VOCABULARY.map((token, id) => [token, id])),
      merges: [],
    },
  }
}
