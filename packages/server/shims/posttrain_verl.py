"""Rewards of a Posttrain server for verl. Tried with verl 0.9.1 and its reward managers `naive` and `dapo`.

    reward.custom_reward_function.path=posttrain_verl.py reward.custom_reward_function.name=compute_score

The reference is the row's `reward_model.ground_truth`; `extra_info.index` names the task, and `extra_info.prompt` or
`extra_info.question` is the prompt, which few rewards read.

verl knows no "unscored": a score is a number, and NaN would spoil the advantages of its whole group. So an unscored
sample trains as a failure: its score is 0, or `+reward.custom_reward_function.reward_kwargs.unscored_score`, and the
metric `unscored` is 1 for it: watch its mean. Where the server gives no rewards this raises, which ends the run. The
reward manager `rate_limited` makes a 0 of that: do not use it here.
"""

from posttrain_client import sample_of, score


def compute_score(data_source, solution_str, ground_truth, extra_info=None, unscored_score=0.0, **_):
    """{"score", "unscored"}: two numbers, under these names each time, as verl needs it."""
    info = extra_info or {}
    index = info.get("index")
    task_id = None if index is None else f"{data_source}/{index}"
    prompt = info.get("prompt", info.get("question"))
    [outcome] = score([sample_of(solution_str, prompt, ground_truth, task_id)])
    unscored = outcome["reward"] is None
    return {"score": float(unscored_score if unscored else outcome["reward"]), "unscored": float(unscored)}
