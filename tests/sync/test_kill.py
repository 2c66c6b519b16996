"""The program killed at random points of a first push, then run again: no duplicate, no loss."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from servers.zotero import ZoteroServer

CITE = Path(sys.executable).with_name("cite")
GROUP, COUNT = 42, 110


class Victim:
    """A clone with records to push, and a program in it that can be killed."""

    def __init__(self, folder: Path, server: ZoteroServer, key: str, group: int) -> None:
        self.folder, self.server, self.group = folder, server, group
        (folder / "bib").mkdir(parents=True)
        (folder / "cite.toml").write_text(f"[sync]\ngroup = {group}\n", encoding="utf-8")
        self.path = folder / "bib" / "library.json"
        self.path.write_text(json.dumps([self.record(n) for n in range(COUNT)]), encoding="utf-8")
        self.env = {
            **os.environ,
            "HOME": str(folder),
            "XDG_STATE_HOME": str(folder / "state"),
            "CITE_ZOTERO_URL": server.url,
            "CITE_ZOTERO_API_KEY": key,
        }

    @staticmethod
    def record(number: int) -> dict[str, Any]:
        custom = {"collections": ["Papers"], "tags": [f"tag {number % 5}"]}
        return {"id": f"key{number}", "type": "book", "title": f"T {number}", "custom": custom}

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [CITE, "sync", "run", "--quiet"],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def run(self) -> None:
        process = self.start()
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()

    def run_and_kill_at(self, number: int, *, applied: bool) -> bool:
        """Kill when request `number` arrives, before or after it has its effect."""
        process = self.start()
        answer, seen, lock = self.server.application.answer, [0], threading.Lock()

        def deadly(request: Any) -> Any:
            with lock:
                seen[0] += 1
                is_last = seen[0] == number
            if is_last and not applied:
                process.send_signal(signal.SIGKILL)
            result = answer(request)
            if is_last and applied:
                process.send_signal(signal.SIGKILL)
            return result

        self.server.application.answer = deadly  # type: ignore[method-assign]
        try:
            process.communicate(timeout=120)
        finally:
            self.server.application.answer = answer  # type: ignore[method-assign]
        return process.returncode == -signal.SIGKILL

    def run_and_kill_after(self, seconds: float) -> bool:
        process = self.start()
        time.sleep(seconds)
        process.kill()
        process.communicate(timeout=120)
        return process.returncode == -signal.SIGKILL

    def check(self) -> None:
        """Every record stands once in the group, and the library is whole."""
        stored = self.server.library("groups", self.group)
        items = [each for each in stored.objects["items"].values() if not each.data.get("deleted")]
        titles = sorted(each.data["title"] for each in items)
        assert titles == sorted(f"T {number}" for number in range(COUNT))
        assert len(stored.objects["collections"]) == 1
        library = json.loads(self.path.read_text(encoding="utf-8"))
        assert sorted(each["id"] for each in library) == sorted(f"key{n}" for n in range(COUNT))
        keys = {each["custom"]["zotero"]["key"] for each in library}
        assert len(keys) == COUNT


def kill_at_random_points(folder: Path, trials: int, seed: int) -> int:
    """Push, die, push again, so many times; how many of them really died."""
    chance = random.Random(seed)
    died = 0
    with ZoteroServer() as server:
        key = server.add_user(1, "ada")
        for trial in range(trials):
            server.add_group(GROUP + trial, owner=1)
            victim = Victim(folder / str(trial), server, key, GROUP + trial)
            for _ in range(chance.choice((1, 1, 2))):
                if chance.random() < 0.6:
                    number, applied = chance.randint(1, 9), chance.random() < 0.5
                    died += victim.run_and_kill_at(number, applied=applied)
                else:
                    died += victim.run_and_kill_after(chance.uniform(0.1, 1.5))
            victim.run()
            victim.check()
    return died


def test_a_killed_push_is_finished_by_the_next_run(tmp_path: Path) -> None:
    assert kill_at_random_points(tmp_path, 5, seed=1) > 0


@pytest.mark.slow
def test_no_point_of_a_push_is_deadly(tmp_path: Path) -> None:
    trials = int(os.environ.get("CITE_SYNC_KILLS", "40"))
    assert kill_at_random_points(tmp_path, trials, seed=2) > trials // 4
