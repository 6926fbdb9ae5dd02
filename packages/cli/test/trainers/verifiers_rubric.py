"""A group of rollouts of verifiers before 0.3, with our rubric: prints what verifiers makes of them, as JSON."""

import asyncio
import json

import verifiers as vf
from datasets import Dataset
from openai import AsyncOpenAI

from fake_openai import serve
from posttrain_verifiers import posttrain_rubric

TEXTS = ["1 and 2", "none", "1 or 7", "3.14"]
rows = [{"question": "1+1=", "answer": "2"}]
environment = vf.SingleTurnEnv(dataset=Dataset.from_list(rows), rubric=posttrain_rubric())
client = AsyncOpenAI(base_url=serve(TEXTS), api_key="none")


async def main():
    inputs = [*environment.get_dataset()] * len(TEXTS)
    outputs = await environment.generate(inputs, client=client, model="fake")
    return [
        {
            "text": output["completion"][-1]["content"],
            "reward": output["reward"],
            "metrics": output["metrics"],
            "error": output["error"] and output["error"]["error_chain_repr"],
        }
        for output in outputs["outputs"]
    ]


assert vf.__version__.startswith("0.1."), vf.__version__
print("RESULT " + json.dumps({"rollouts": asyncio.run(main())}))
