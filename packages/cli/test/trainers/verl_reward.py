"""verl's own reward manager with our shim as its custom reward function: prints what it makes of samples, as JSON.

    python verl_reward.py NAME_OF_A_MANAGER...
"""

import asyncio
import json
import sys
from importlib.metadata import version

import numpy
import torch
from omegaconf import OmegaConf
from tensordict import TensorDict
from verl import DataProto
from verl.trainer.ppo.reward import load_reward_manager

TEXTS = ["1 and 2", "none", "1 or 7", "3.14"]


class Characters:
    """As much of a tokenizer as a reward manager uses."""

    def decode(self, ids, skip_special_tokens):
        return "".join(map(chr, ids.tolist()))


def data_of(text):
    """A rollout as verl's agent loop hands it over: padded, with a mask over prompt and response."""
    ids, padding = [*map(ord, text)], 12 - len(text)
    columns = {
        "data_source": "sums",
        "reward_model": {"style": "rule", "ground_truth": "2"},
        "extra_info": {"index": 3, "prompt": numpy.array([{"role": "user", "content": "1+1="}])},
    }
    return DataProto(
        TensorDict(
            {
                "prompts": torch.tensor([[*map(ord, "1+1=")]]),
                "responses": torch.tensor([ids + [0] * padding]),
                "attention_mask": torch.tensor([[1] * (4 + len(ids)) + [0] * padding]),
            },
            batch_size=1,
        ),
        {name: numpy.array([value], dtype=object) for name, value in columns.items()},
    )


async def judged_by(name):
    function = {"path": "posttrain_verl.py", "name": "compute_score", "reward_kwargs": {"unscored_score": -1}}
    config = {"custom_reward_function": function, "reward_manager": {"source": "register", "name": name}}
    manager = load_reward_manager(OmegaConf.create({"reward": config}), Characters())
    batch = [data_of(text) for text in TEXTS]
    results = [await manager.run_single(data) for data in batch]
    rewards = manager.assemble_rm_scores(DataProto.concat(batch), [result["reward_score"] for result in results])
    rows = zip(TEXTS, results, rewards.tolist())
    return [{"text": text, "rewards_of_tokens": row, **result} for text, result, row in rows]


async def main():
    return {name: await judged_by(name) for name in sys.argv[1:]}


print("RESULT " + json.dumps({"version": version("verl"), "managers": asyncio.run(main())}))
