"""Topics and their versions. An event names a topic and carries no state.

A screen that hears its topic takes a fresh snapshot, so a lost, doubled or reordered event does no
harm. A version is microseconds since 1970, pushed up where needed so that it rises with every
change: it goes on rising after a restart, and as every process keeps the highest it has heard,
all of them show the same number once they are in step.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from mpp.clock import wall_microseconds

Relay = Callable[[Mapping[str, int]], None]
"""Tells other processes of topics and their new versions; must not wait."""

FORGET_AFTER = 20_000  # topics whose version is kept although nobody listens (visits come and go)


class Hub:
    """One per process. All of it happens on the event loop's thread."""

    def __init__(self, microseconds: Callable[[], int] = wall_microseconds) -> None:
        self._microseconds = microseconds
        self._born = microseconds()
        self._floor = self._born
        self._versions: dict[str, int] = {}
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._heard = 0
        self._news: dict[str, int] = {}
        self.relay: Relay | None = None

    def publish(self, topics: Iterable[str]) -> None:
        """Something of these topics changed and is committed: wake their screens, everywhere."""
        now = self._microseconds()
        known, floor = self._versions, self._floor
        raised = {topic: max(known.get(topic, floor) + 1, now) for topic in set(topics)}
        self.hear(raised)
        if self.relay is not None:
            self.relay(raised)

    def hear(self, versions: Mapping[str, int]) -> None:
        """Another process says so (or `publish` of this one)."""
        for topic, version in versions.items():
            self._versions[topic] = max(self._versions.get(topic, self._floor), version)
            if listeners := self._listeners.get(topic):
                self._heard += 1
                self._news[topic] = self._heard
                for wakeup in listeners:
                    wakeup.set()
        if len(self._versions) > FORGET_AFTER:
            self._forget()

    def resync(self) -> None:
        """Events may have been missed: wake every screen."""
        self.hear(dict.fromkeys(tuple(self._listeners), self._microseconds()))

    def version(self, *topics: str) -> int:
        """The highest version of these topics."""
        return max((self._versions.get(topic, self._floor) for topic in topics), default=self._born)

    def news(self, *topics: str) -> int:
        """Another number after each change of one of these topics, while somebody listens to them.

        A version will not do: what another process says late may have a lower one than is known already.
        """
        return max((self._news.get(topic, 0) for topic in topics), default=0)

    @contextmanager
    def listening(self, topics: Iterable[str]) -> Iterator[asyncio.Event]:
        """An event that is set whenever one of the topics changes; the listener clears it."""
        wakeup = asyncio.Event()
        wanted = tuple(topics)
        for topic in wanted:
            self._listeners.setdefault(topic, set()).add(wakeup)
        try:
            yield wakeup
        finally:
            for topic in wanted:
                waiting = self._listeners[topic]
                waiting.discard(wakeup)
                if not waiting:
                    del self._listeners[topic]
                    self._news.pop(topic, None)

    @property
    def listened(self) -> int:
        """How many topics have a listener (for tests and metrics)."""
        return len(self._listeners)

    def _forget(self) -> None:
        """Drop the older half of the versions; the floor rises so that none ever goes down."""
        keep = sorted(self._versions.items(), key=lambda item: item[1])[len(self._versions) // 2 :]
        self._floor = max(self._floor, keep[0][1])
        self._versions = dict(keep)
