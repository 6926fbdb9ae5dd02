"""Three steps of TRL's GRPO on the CPU, of a tiny random model whose rewards are those of our shim.

Prints the steps done, what TRL logged of each and the completions with their rewards, as JSON. Writes where it is run.
"""

import json
from pathlib import Path

import pandas
import torch
from datasets import Dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM
from trl import GRPOConfig, GRPOTrainer

from posttrain_trl import posttrain_reward

vocabulary = {word: i for i, word in enumerate(["<pad>", "<eos>", *map(chr, range(32, 127))])}
characters = Tokenizer(models.WordLevel(vocabulary, unk_token="?"))
characters.pre_tokenizer = pre_tokenizers.Split("", "isolated")
characters.decoder = decoders.Fuse()

torch.manual_seed(0)
torch.set_num_threads(1)
sizes = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2)
special = dict(pad_token_id=0, eos_token_id=1, bos_token_id=1)
trainer = GRPOTrainer(
    model=Qwen2ForCausalLM(Qwen2Config(vocab_size=len(vocabulary), max_position_embeddings=128, **sizes, **special)),
    processing_class=PreTrainedTokenizerFast(tokenizer_object=characters, pad_token="<pad>", eos_token="<eos>"),
    reward_funcs=posttrain_reward,
    train_dataset=Dataset.from_list(
        [{"prompt": f"{i}+{i}=", "answer": str(2 * i), "task_id": f"double-{i}"} for i in range(8)]
    ),
    args=GRPOConfig(
        output_dir=".",
        use_cpu=True,
        bf16=False,
        max_steps=3,
        per_device_train_batch_size=16,
        num_generations=8,
        max_completion_length=12,
        logging_steps=1,
        log_completions=True,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
    ),
)
trainer.train()

tables = [pandas.read_parquet(file) for file in sorted(Path("completions").glob("*.parquet"))]
rows = json.loads(pandas.concat(tables).to_json(orient="records"))
print("RESULT " + json.dumps({"steps": trainer.state.global_step, "logs": trainer.state.log_history, "rows": rows}))
