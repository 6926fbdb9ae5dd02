"""Forty sums for Inspect, with the model of sums.py."""

import sums
from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import match
from inspect_ai.solver import generate


def complete(messages, tools, tool_choice, config) -> ModelOutput:
    output = ModelOutput.from_content("sums", sums.answer(messages[-1].text))
    output.usage = ModelUsage(input_tokens=4, output_tokens=1, total_tokens=5)  # else Inspect downloads a tokenizer
    return output


@task
def addition() -> Task:
    return Task(
        dataset=[Sample(input=sums.question(i), target=str(2 * i)) for i in range(1, sums.TASKS + 1)],
        model=get_model("mockllm/sums", custom_outputs=complete),
        solver=generate(),
        scorer=match(),
    )
