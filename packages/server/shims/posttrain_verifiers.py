"""Rewards of a Posttrain server for verifiers. Tried with verifiers 0.4.0 and 0.1.10.

Since 0.3 a task has rewards: one of them asks the server.

    from posttrain_verifiers import posttrain_reward
    class MyTask(vf.Task[MyData]):
        @vf.reward
        async def posttrain(self, task, trace):
            return await posttrain_reward(task, trace)

Before, an environment has a rubric:

    from posttrain_verifiers import posttrain_rubric
    environment = vf.SingleTurnEnv(dataset=dataset, rubric=posttrain_rubric())

The reference is the field `reference`, or else `answer`, `solution` or `ground_truth`, of the task, or of a rollout's
`info`. verifiers has no missing reward, but a rollout can have an error, and trainers leave such a one out: that is
what an unscored sample becomes. A rubric must give a reward all the same, and gives it 0.
"""

import asyncio

from posttrain_client import PosttrainError, reference_in, sample_of, score


async def posttrain_reward(task, trace):
    """The reward of a rollout. Raises PosttrainError where it is unscored, which is then the error of the rollout."""
    fields = task.model_dump(mode="json")
    said = [message.model_dump(mode="json") for message in trace.assistant_messages]
    sample = sample_of(said, fields.get("prompt"), reference_in(fields), fields.get("id") or fields.get("idx"))
    [outcome] = await asyncio.to_thread(score, [sample])
    if outcome["reward"] is None:
        raise PosttrainError(f"unscored: {outcome['unscored']}")
    return outcome["reward"]


def posttrain_rubric(**options):
    """A rubric of this one reward. What a rubric makes a 0 of, a server that gives no rewards, raises in this one."""
    import verifiers as vf

    class PosttrainRubric(vf.Rubric):
        async def score_rollout(self, state):
            await self._score([state])

        async def score_group(self, states):
            await self._score(states)
            rewards = [state["reward"] for state in states if not state["metrics"]["unscored"]]
            mean = sum(rewards) / max(len(rewards), 1)
            for state in states:
                state["advantage"] = 0.0 if state["metrics"]["unscored"] else state["reward"] - mean
                for step in state["trajectory"]:
                    step.update({name: state[name] for name in ("advantage", "reward") if step[name] is None})

        async def _score(self, states):
            for state, outcome in zip(states, await asyncio.to_thread(score, [_sample(state) for state in states])):
                unscored = outcome["reward"] is None
                state["reward"] = 0.0 if unscored else outcome["reward"]
                parts = {name: value for name, value in (outcome.get("parts") or {}).items() if value is not None}
                state["metrics"] = {**parts, "posttrain": state["reward"], "unscored": float(unscored)}
                if unscored and not state.get("error"):
                    state["error"] = vf.Error(f"unscored: {outcome['unscored']}")

    return PosttrainRubric(**options)


def _sample(state):
    answer = {"answer": state["answer"]} if state.get("answer") else {}
    fields = {**answer, **(state.get("info") or {})}
    task_id = f"{state['task']}/{state['example_id']}"
    return sample_of(state.get("completion") or "", state["prompt"], reference_in(fields), task_id)
