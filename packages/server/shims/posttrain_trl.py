"""Rewards of a Posttrain server for the trainers of TRL (GRPO, RLOO). Tried with TRL 1.16.0.

    from posttrain_trl import posttrain_reward
    trainer = GRPOTrainer(model, reward_funcs=posttrain_reward, ...)

The reference of a row is its column `reference`, or else `answer`, `solution` or `ground_truth`. An unscored sample
is None: TRL leaves it out of the mean of its group and gives it no advantage. Logged are the share of unscored samples,
the mean of each part and, beside each completion, the answer that was read and why it is unscored.
"""

from posttrain_client import reference_in, sample_of, score


def posttrain_reward(prompts, completions, log_extra=None, log_metric=None, **columns):
    """One reward for each completion, None where it is unscored. Raises PosttrainError where the server gives none."""
    count = len(completions)
    references = reference_in(columns) or [None] * count
    task_ids = columns.get("task_id") or [None] * count
    outcomes = score([sample_of(*row) for row in zip(completions, prompts, references, task_ids)])
    if log_extra is not None:
        log_extra("answer_read", [outcome.get("answer") or "" for outcome in outcomes])
        log_extra("unscored", [outcome.get("unscored") or "" for outcome in outcomes])
    if log_metric is not None:
        log_metric("posttrain/unscored", sum(outcome["reward"] is None for outcome in outcomes) / count)
        for name, values in _parts(outcomes).items():
            log_metric(f"posttrain/{name}", sum(values) / len(values))
    return [outcome["reward"] for outcome in outcomes]


def _parts(outcomes):
    parts = {}
    for outcome in outcomes:
        for name, value in (outcome.get("parts") or {}).items():
            if value is not None:
                parts.setdefault(name, []).append(value)
    return parts
