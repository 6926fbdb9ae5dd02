"""An event loop for asyncio.run where the platform's own needs a browser: it waits by sleeping."""

import asyncio
import time


class Clock:
    """A selector of no files: nothing but time passes."""

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError('everything waits, and nothing will happen')
        time.sleep(max(0, timeout))
        return []

    def close(self):
        pass


class SleepingLoop(asyncio.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = Clock()

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


class SleepingPolicy(asyncio.events._BaseDefaultEventLoopPolicy):
    _loop_factory = SleepingLoop


def use_sleeping_loop():
    asyncio.events._set_running_loop(None)
    asyncio.events._event_loop_policy = SleepingPolicy()
