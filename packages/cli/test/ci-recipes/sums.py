"""A model for tests: it adds up to KNOWN; of larger sums it knows an even one every other time, and an odd one never."""

import os
from collections import Counter

TASKS = 40
known = int(os.environ["KNOWN"])
asked = Counter()


def question(term: int) -> str:
    return f"{term} + {term} ="


def answer(question: str) -> str:
    asked[question] += 1
    term = int(question.split(" + ")[0])
    knows = term <= known or (term % 2 == 0 and asked[question] % 2 == 1)
    return str(2 * term if knows else 0)
