"""Rollouts of a task of verifiers 0.4 that has our reward: prints what verifiers makes of them, as JSON."""

import asyncio
import json
import os

import verifiers
import verifiers.v1 as vf

from fake_openai import serve
from posttrain_verifiers import posttrain_reward

TEXTS = ["1 and 2", "none", "1 or 7", "3.14"]


class SumData(vf.TaskData):
    answer: str


class Sum(vf.Task[SumData]):
    @vf.reward
    async def posttrain(self, task, trace):
        return await posttrain_reward(task, trace)


async def main():
    os.environ["FAKE_KEY"] = "none"
    client = vf.EvalClientConfig(base_url=serve(TEXTS), api_key_var="FAKE_KEY")
    config = vf.AgentConfig(
        harness={"id": "direct_harness"}, runtime=vf.SubprocessConfig(), model="fake", client=client
    )
    agent = vf.make_agent(config)
    traces = [await agent.run(Sum(SumData(prompt="1+1=", answer="2"))) for _ in TEXTS]
    return [
        {"text": trace.last_reply, "reward": trace.reward, "error": trace.last_error and trace.last_error.message}
        for trace in traces
    ]


assert verifiers.__version__.startswith("0.4."), verifiers.__version__
print("RESULT " + json.dumps({"rollouts": asyncio.run(main())}))
