"""What other verifiers say of the pairs of packages/math-verifier/test/fixtures/math.jsonl.

    pip install "lm_eval[math]==0.4.13" math-verify==0.9.0 pylatexenc
    git clone https://github.com/openai/prm800k && git -C prm800k checkout 7ecc794
    python tools/golden/math-verifiers.py prm800k      # writes tools/golden/math-verifiers.json

Math-Verify accepts where `$…$` or `\\boxed{…}` around both sides is accepted. Of lm-eval, `minerva` is the rule of its minerva_math
(normalised, then SymPy) and `hendrycks` that of its hendrycks_math (text after normalisation). prm800k is its grader. A rule that
raises an error does not accept. `seconds` is the longest time of one pair.
"""

import importlib.metadata
import json
import logging
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(sys.argv[1]).resolve() / "prm800k"))
logging.disable(logging.CRITICAL)

from grading import grader  # noqa: E402
from lm_eval.tasks.hendrycks_math import utils as hendrycks  # noqa: E402
from lm_eval.tasks.minerva_math import utils as minerva  # noqa: E402
from math_verify import parse, verify  # noqa: E402


def math_verify(gold, answer):
    return any(
        verify(parse(around % gold), parse(around % answer)) for around in ("$%s$", "\\boxed{%s}")
    )


def minerva_rule(gold, answer):
    normal = minerva.normalize_final_answer
    return minerva.is_equiv(normal(gold), normal(answer))


RULES = {
    "math-verify": math_verify,
    "minerva": minerva_rule,
    "hendrycks": lambda gold, answer: hendrycks.is_equiv(answer, gold),
    "prm800k": lambda gold, answer: grader.grade_answer(answer, gold),
}

root = pathlib.Path(__file__).resolve().parents[2]
lines = (root / "packages/math-verifier/test/fixtures/math.jsonl").read_text(encoding="utf-8").splitlines()
verdicts = {}
longest = {name: 0.0 for name in RULES}
for line in lines:
    pair = json.loads(line)
    verdicts[pair["id"]] = {}
    for name, rule in RULES.items():
        start = time.process_time()
        try:
            accepted = bool(rule(pair["gold"], pair["answer"]))
        except Exception:
            accepted = False
        longest[name] = max(longest[name], time.process_time() - start)
        verdicts[pair["id"]][name] = accepted

versions = {name: importlib.metadata.version(name) for name in ("math-verify", "lm_eval", "sympy")}
result = {"versions": {**versions, "prm800k": "7ecc794"}, "seconds": longest, "verdicts": verdicts}
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps(result, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
