# How a shim asks the reward server, with the standard library alone. The environment has the last word:
#   POSTTRAIN_URL        where the server is
#   POSTTRAIN_TOKEN      its token, which it prints when it starts
#   POSTTRAIN_TIMEOUT    seconds that one request may take in all, tries again included (600)
#   POSTTRAIN_BATCH      samples in one request at most (256)
#   POSTTRAIN_REFERENCE  the column or field that has the reference

import http.client
import json
import logging
import math
import os
import random
import time
import urllib.error
import urllib.parse
import urllib.request

DEFAULT_URL = "http://127.0.0.1:8765"
BYTES = 4 << 20  # of a request with more than one sample; the server takes four times that
REFERENCES = ("reference", "answer", "solution", "ground_truth")


class PosttrainError(RuntimeError):
    """Why there are no rewards, and what to do. Nothing became a 0."""


def score(samples):
    """The outcomes of the samples, in order: {"reward": float or None, "answer"?, "unscored"?: why, "parts"?}."""
    return [outcome for batch in _batches(samples) for outcome in _outcomes(batch)]


def sample_of(response, prompt=None, reference=None, task_id=None):
    """A sample as the server reads it: what is None is not said, and messages are their roles and texts."""
    said = {"response": _said(response), "prompt": _said(prompt), "reference": reference}
    said["task_id"] = None if task_id is None else str(task_id)
    return {name: value for name, value in said.items() if value is not None}


def reference_in(columns):
    """What stands under POSTTRAIN_REFERENCE, or else under the first of REFERENCES that is there; None without any."""
    named = os.environ.get("POSTTRAIN_REFERENCE")
    if named and named not in columns:
        raise PosttrainError(f"there is no column {named!r}: set POSTTRAIN_REFERENCE to one of {', '.join(columns)}")
    return next((columns[name] for name in ([named] if named else REFERENCES) if name in columns), None)


def _said(value):
    if value is None or isinstance(value, str):
        return value
    return [{"role": message["role"], "content": _text(message.get("content"))} for message in value]


def _text(content):
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(part.get("text", "") for part in content)


def _batches(samples):
    """The samples as JSON, those of one request together."""
    most = int(os.environ.get("POSTTRAIN_BATCH") or 256)
    batch, size = [], 0
    for text in (json.dumps(sample, default=_plain) for sample in samples):
        if batch and (len(batch) == most or size + len(text) > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _outcomes(batch):
    url = os.environ.get("POSTTRAIN_URL") or DEFAULT_URL
    where = url.partition("?")[0]  # a token in the query is not said
    reply = _post(_request(url, f'{{"samples": [{", ".join(batch)}]}}'.encode()), where)
    outcomes = reply.get("outcomes") if isinstance(reply, dict) else None
    if not isinstance(outcomes, list) or len(outcomes) != len(batch):
        raise PosttrainError(f"{where} did not answer with {len(batch)} outcomes: is it `posttrain serve rewards`?")
    for outcome in outcomes:
        reward = outcome["reward"]
        if reward is not None and not math.isfinite(reward):
            raise PosttrainError(f"{where} gave the reward {reward}: a reward is a finite number or null")
    return outcomes


def _plain(value):
    """A numpy array or number, which Parquet files give, as JSON has it."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise PosttrainError(f"the server cannot be told a {type(value).__name__}: give text, numbers, lists or dicts")


def _post(request, where):
    """The reply. Asks again while the server is overloaded or away, as long as POSTTRAIN_TIMEOUT allows."""
    seconds = float(os.environ.get("POSTTRAIN_TIMEOUT") or 600)
    end, pause = time.monotonic() + seconds, 0.5
    while True:
        try:
            with urllib.request.urlopen(request, timeout=max(end - time.monotonic(), 1)) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 502, 503, 504):
                raise PosttrainError(_refusal(where, error)) from None
            why, wait = _refusal(where, error), _number(error.headers.get("Retry-After"))
        except (OSError, http.client.HTTPException) as error:
            why, wait = f"{where} does not answer ({error}): start `posttrain serve rewards`, or set POSTTRAIN_URL", 0
        except ValueError:
            raise PosttrainError(f"{where} did not answer in JSON: is it `posttrain serve rewards`?") from None
        wait = max(wait, pause * random.uniform(0.5, 1.5))
        if time.monotonic() + wait > end:
            raise PosttrainError(f"no rewards within {seconds:g} s (POSTTRAIN_TIMEOUT): {why}")
        logging.getLogger("posttrain").warning("asking again in %.1f s: %s", wait, why)
        time.sleep(wait)
        pause = min(2 * pause, 30)


def _request(url, body):
    address = urllib.parse.urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise PosttrainError(f"the address of the reward server is {url!r}: set POSTTRAIN_URL to http://HOST:PORT")
    token = os.environ.get("POSTTRAIN_TOKEN")
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    return urllib.request.Request(address._replace(path=address.path.rstrip("/") + "/score").geturl(), body, headers)


def _refusal(where, error):
    if error.code == 401:
        return f"{where} asks for its token: set POSTTRAIN_TOKEN to what it printed when it started"
    try:
        said = json.load(error)["error"]
        return ": ".join([f"{where} refused ({error.code})", said["message"], *filter(None, [said.get("hint")])])
    except (ValueError, KeyError, TypeError):
        return f"{where} refused with {error.code}: is it `posttrain serve rewards`?"


def _number(text):
    try:
        return float(text)
    except (TypeError, ValueError):
        return 0.0
