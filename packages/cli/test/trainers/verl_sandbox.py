"""verl's own client of Sandbox Fusion, which asks /run_code for each test of a program: prints its verdicts, as JSON.

    python verl_sandbox.py URL

The client is loaded by itself: it needs nothing of the rest of verl, which takes long to import.
"""

import importlib.util
import json
import sys
from pathlib import Path

[verl] = importlib.util.find_spec("verl").submodule_search_locations
folder = Path(verl, "utils", "reward_score", "sandbox_fusion")
spec = importlib.util.spec_from_file_location("sandbox_fusion", folder / "__init__.py")
client = sys.modules["sandbox_fusion"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(client)

SUMS = {"inputs": ["1 2", "3 4", "5 6"], "outputs": ["3", "7", "12"]}
CALLS = {"fn_name": "add", "inputs": ["[1, 2]\n3", "[]\n0"], "outputs": ["[1, 2, 3]", "[0]"]}
ONE = {"inputs": [""], "outputs": ["1"]}
PROGRAMS = {
    "two of three sums": ("print(sum(map(int, input().split())))", SUMS),
    "a function of values": ("def add(xs, x):\n    return xs + [x]", CALLS),
    "an error": ("print(1)\nraise ValueError('no')", ONE),
    "no syntax": ("print(", ONE),
    "no end": ("print(1)\nwhile True: pass", ONE, 5),
}


def judged(program, cases, timeout=60):
    completion = f"```python\n{program}\n```"
    score, metadata = client.compute_score(sys.argv[1], None, 1024, completion, cases, timeout=timeout)
    return {"score": score, "statuses": [case["status"] for case in metadata]}


print("RESULT " + json.dumps({name: judged(*given) for name, given in PROGRAMS.items()}))
