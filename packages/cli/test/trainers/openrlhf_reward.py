"""OpenRLHF's own agent asking /get_reward, and what its trainer's first step makes of the reply, as JSON.

    python openrlhf_reward.py URL

vLLM, and what OpenRLHF builds on it, are stand-ins: they are imported and not used here.
"""

import asyncio
import json
import sys
from importlib.metadata import version
from types import SimpleNamespace
from unittest.mock import MagicMock

import torch

for name in ("vllm", "openrlhf.trainer.ray.vllm_engine", "openrlhf.trainer.ray.launcher"):
    sys.modules[name] = MagicMock()

from openrlhf.trainer.ppo_utils.samples_generator import SamplesGenerator
from openrlhf.utils.agent import SingleTurnAgentExecutor

TEXTS = ["1 and 2", "none", "1 or 7", "3.14"]


class Characters:
    """As much of a tokenizer as the agent uses: characters, and one special token at the end."""

    def __call__(self, text, **_):
        return {"input_ids": torch.tensor([[*map(ord, text)]])}

    def decode(self, ids, skip_special_tokens):
        return "".join("<eos>" if i == 0 and not skip_special_tokens else chr(i) for i in ids)


class Engine:
    """Says one text, as vLLM would."""

    def __init__(self, text):
        self.said = SimpleNamespace(token_ids=[*map(ord, text), 0], finish_reason="stop", logprobs=None)

    async def generate(self, *_, **__):
        return SimpleNamespace(outputs=[self.said])


async def rollout(text):
    sampling = SimpleNamespace(max_tokens=16, logprobs=None)
    agent = SingleTurnAgentExecutor(sys.argv[1])
    response = await agent.execute("1+1=", "2", sampling, 64, Characters(), Engine(text))
    experience = SamplesGenerator.__new__(SamplesGenerator)._process_response_into_experience(response, max_len=64)
    return {
        "text": text,
        "reward": response["reward"],
        "scores": response["scores"],
        "extra_logs": response["extra_logs"],
        "rewards": None if experience.rewards is None else experience.rewards.tolist(),
        "info": {name: value.flatten().tolist() for name, value in experience.info.items()},
    }


async def main():
    return [await rollout(text) for text in TEXTS]


print("RESULT " + json.dumps({"version": version("openrlhf"), "rollouts": asyncio.run(main())}))
