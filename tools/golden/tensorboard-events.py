"""Golden bytes of tensorBoardEvents of @posttrain/report: an event file as TensorBoard's own writer writes it.

    pip install tensorboard==2.21.0
    python tools/golden/tensorboard-events.py           # writes tools/golden/tensorboard-events.json

With a folder as argument it says instead what TensorBoard's reader finds in the event files there, one series a folder.
"""

import io
import json
import pathlib
import sys

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

WALL_TIME = 1767323045.25
STEPS = [
    (0, {"train/reward": 0.125, "train/entropy": -0.1}),
    (1, {"train/reward": 1 / 3, "train/entropy": 0.0}),
    (127, {"train/reward": 1e-30, "train/entropy": 3.4e38}),
    (128, {"held-out/pass@8": 0.625}),
    (2**53 - 1, {"Größe \u6f22 \U0001f600": -7.0}),
]


class Kept(io.BytesIO):
    def close(self):
        pass


def file_of(events):
    kept = Kept()
    writer = RecordWriter(kept)
    for event in events:
        writer.write(event.SerializeToString())
    writer.flush()
    return kept.getvalue()


def write():
    events = [Event(wall_time=WALL_TIME, file_version="brain.Event:2")]
    for step, scalars in STEPS:
        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in scalars.items()]
        events.append(Event(wall_time=WALL_TIME, step=step, summary=Summary(value=values)))
    steps = [{"step": step, "scalars": scalars} for step, scalars in STEPS]
    golden = {"wallTime": WALL_TIME, "steps": steps, "file": file_of(events).hex()}
    out = pathlib.Path(__file__).with_suffix(".json")
    out.write_text(json.dumps(golden, indent=2, ensure_ascii=False) + "\n")


def read(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    for file in sorted(pathlib.Path(folder).rglob("events.out.tfevents.*")):
        found = EventAccumulator(str(file), size_guidance={"scalars": 0})
        found.Reload()
        for tag in sorted(found.Tags()["scalars"]):
            scalars = found.Scalars(tag)
            print(file.parent.name, tag, len(scalars), scalars[0].step, scalars[-1].step, scalars[-1].value, scalars[-1].wall_time)


if len(sys.argv) > 1:
    read(sys.argv[1])
else:
    write()
