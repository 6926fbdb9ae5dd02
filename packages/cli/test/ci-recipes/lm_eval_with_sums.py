"""lm-eval with the model of sums.py and the task of sums.yaml."""

import json

import sums
from lm_eval.__main__ import cli_evaluate
from lm_eval.api.model import LM
from lm_eval.api.registry import register_model


@register_model("sums")
class Sums(LM):
    def __init__(self, **settings):
        super().__init__()

    def generate_until(self, requests, disable_tqdm=False):
        return [sums.answer(request.args[0]) for request in requests]

    def loglikelihood(self, requests, disable_tqdm=False):
        raise NotImplementedError

    def loglikelihood_rolling(self, requests, disable_tqdm=False):
        raise NotImplementedError


if __name__ == "__main__":
    with open("sums.jsonl", "w") as file:
        for term in range(1, sums.TASKS + 1):
            file.write(json.dumps({"question": sums.question(term), "answer": str(2 * term)}) + "\n")
    cli_evaluate()
