"""Golden values of @posttrain/models: tiny randomly initialised models of Hugging Face's transformers.

    pip install torch transformers tokenizers
    python tools/golden/hugging-face.py   # writes tools/golden/hugging-face/ (folders as on the Hub) and hugging-face.json

Each model computes in float64 from the weights as they were stored, so that its numbers are good to more digits than the
tests ask for; transformers itself rounds RMS norms and rotary angles to float32. Training is plain: mean cross-entropy of
the completion tokens, torch's AdamW with decay on matrices alone, no clipping, no dropout.
"""

import json
import pathlib
import shutil

import tokenizers
import torch
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

here = pathlib.Path(__file__).parent
root = here / "hugging-face"
shutil.rmtree(root, ignore_errors=True)

# ---- a small real tokenizer, as GPT-2's: byte-level BPE; and as Llama 3's: with a start token before each text ----

CORPUS = [
    "Four numbers from 1 to 13; write an expression that uses each exactly once and equals 24.",
    "The same declaration, with estimators that are proved unbiased and gradients that are proved exact.",
    "Let's count: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13. They're done.",
    "Größe, naïve, 数字, Ответ: 24. (8 / (3 - 8 / 3)) = 24",
]
STRINGS = [
    "",
    " ",
    "Four numbers",
    "  two  spaces\tand a tab\nand a line",
    "They're 24's: it's done, I'LL say!",
    "Größe und naïve Ω ≈ ∑ 数字 число",
    "emoji 👩‍👩‍👧 🇩🇪 é (combining)",
    "(8 / (3 - 8 / 3)) = 24<|end|> and on",
    "\u00a0no-break\u2003em space 1234567890",
    "<|end|><|end|>",
]
SPLIT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def train_tokenizer(start):
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    pre = tokenizers.pre_tokenizers
    if start:
        pattern = tokenizers.Regex(SPLIT)
        steps = [pre.Split(pattern, "isolated"), pre.ByteLevel(add_prefix_space=False, use_regex=False)]
        tokenizer.pre_tokenizer = pre.Sequence(steps)
    else:
        tokenizer.pre_tokenizer = pre.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    special = ["<|end|>"] + (["<|start|>"] if start else [])
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=320, special_tokens=special, initial_alphabet=pre.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS * 4, trainer)
    if start:
        tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
            single="<|start|> $A", special_tokens=[("<|start|>", tokenizer.token_to_id("<|start|>"))]
        )
    return tokenizer


def tokenizer_golden(tokenizer):
    rows = []
    for text in STRINGS:
        plain = tokenizer.encode(text, add_special_tokens=False).ids
        rows.append(
            {
                "text": text,
                "encode": plain,
                "encodePrompt": tokenizer.encode(text, add_special_tokens=True).ids,
                "decode": tokenizer.decode(plain, skip_special_tokens=True),
            }
        )
    return rows


# ---- models ----

SIZES = dict(vocab_size=320, bos_token_id=None, eos_token_id=0)
LLAMA = dict(
    hidden_size=24,
    intermediate_size=40,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
    **SIZES,
)
LLAMA3 = dict(
    rope_type="llama3",
    rope_theta=10000.0,
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=32,
)
MODELS = {
    "gpt2": (GPT2Config(n_positions=32, n_embd=24, n_layer=2, n_head=3, **SIZES), GPT2LMHeadModel, torch.float32, None),
    "gpt2-untied": (
        GPT2Config(
            n_positions=32,
            n_embd=16,
            n_layer=1,
            n_head=2,
            n_inner=40,
            tie_word_embeddings=False,
            layer_norm_epsilon=1e-2,
            **SIZES,
        ),
        GPT2LMHeadModel,
        torch.float16,
        None,
    ),
    "llama": (LlamaConfig(**LLAMA), LlamaForCausalLM, torch.float32, None),
    "llama-tied": (
        LlamaConfig(**LLAMA, head_dim=8, tie_word_embeddings=True, rope_parameters=LLAMA3),
        LlamaForCausalLM,
        torch.bfloat16,
        "20KB",
    ),
    "qwen2": (Qwen2Config(**LLAMA), Qwen2ForCausalLM, torch.bfloat16, None),
}


def randomise(model):
    """Weights large enough that every part of the model matters, and biases and gains that are not 0 and 1."""
    for name, p in model.named_parameters():
        if p.ndim >= 2:
            embedding = "wte" in name or "wpe" in name or "embed" in name or "lm_head" in name
            p.data.normal_(0, 0.3 if embedding else 1.2 / p.shape[1] ** 0.5)
        elif name.endswith("bias"):
            p.data.normal_(0, 0.2)
        else:
            p.data.normal_(1, 0.2)


TEXTS = [
    ("Four numbers from 1", " to 13; write"),
    ("Größe:", " 数字 24.<|end|>"),
    ("The", " same declaration, with estimators"),
]
OPTIMIZER = {"learningRate": 1e-3, "betas": [0.9, 0.95], "epsilon": 1e-8, "weightDecay": 0.1}


def completion_logprobs(model, prompt, completion):
    ids = torch.tensor([prompt + completion])
    logits = model(input_ids=ids).logits[0, len(prompt) - 1 : -1]
    targets = torch.tensor(completion)
    return torch.log_softmax(logits, -1).gather(1, targets[:, None])[:, 0]


def model_golden(name, tokenizer):
    torch.manual_seed(24)
    config, kind, dtype, shard = MODELS[name]
    model = kind(config).eval()
    randomise(model)
    model = model.to(dtype)
    folder = root / name
    model.save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
    (folder / "generation_config.json").unlink(missing_ok=True)
    for file in folder.glob("*.safetensors"):
        file.chmod(0o644)
    # Read back as anyone would: `to(bfloat16)` above has also rounded the rotary frequencies, which no folder holds.
    model = kind.from_pretrained(folder, dtype=torch.float32).double().eval()

    encoded = [(tokenizer.encode(a).ids, tokenizer.encode(b, add_special_tokens=False).ids) for a, b in TEXTS]
    with torch.no_grad():
        logits = [model(input_ids=torch.tensor([p + c])).logits[0, -1].tolist() for p, c in encoded]
        before = [completion_logprobs(model, p, c).tolist() for p, c in encoded]

    matrices = [p for p in model.parameters() if p.ndim >= 2]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    settings = dict(lr=OPTIMIZER["learningRate"], betas=OPTIMIZER["betas"], eps=OPTIMIZER["epsilon"])
    groups = [dict(params=matrices, weight_decay=OPTIMIZER["weightDecay"]), dict(params=vectors, weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, **settings)
    losses, norms = [], []
    for _ in range(3):
        optimizer.zero_grad()
        loss = -torch.cat([completion_logprobs(model, p, c) for p, c in encoded]).mean()
        loss.backward()
        norms.append(torch.sqrt(sum((p.grad**2).sum() for p in model.parameters())).item())
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        after = [completion_logprobs(model, p, c).tolist() for p, c in encoded]
    rounded = lambda rows: [[round(x, 9) for x in row] for row in rows]
    return {
        "prompts": [p for p, _ in encoded],
        "completions": [c for _, c in encoded],
        # All logits after the last token of the text.
        "lastLogits": rounded(logits),
        "logprobs": rounded(before),
        "losses": losses,
        "gradientNorms": norms,
        "logprobsAfter": rounded(after),
    }


golden = {"texts": TEXTS, "optimizer": OPTIMIZER, "tokenizers": {}, "models": {}}
TOKENIZERS = {"gpt2": train_tokenizer(False), "llama": train_tokenizer(True)}
for name, tokenizer in TOKENIZERS.items():
    golden["tokenizers"][name] = tokenizer_golden(tokenizer)
for name in MODELS:
    family = "gpt2" if name.startswith("gpt2") else "llama"
    golden["models"][name] = {"tokenizer": family, **model_golden(name, TOKENIZERS[family])}
for name, tokenizer in TOKENIZERS.items():
    tokenizer.save(str(root / name / "tokenizer.json"), pretty=False)
    config = {"eos_token": "<|end|>", "clean_up_tokenization_spaces": False}
    (root / name / "tokenizer_config.json").write_text(json.dumps(config) + "\n")
(here / "hugging-face.json").write_text(json.dumps(golden, ensure_ascii=True) + "\n")
