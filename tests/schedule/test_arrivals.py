"""When arriving files are complete, and how a burst becomes one message: no clock, no disk."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arrivals import Arrivals, Stamp, counts


@dataclass
class Folder:
    """A raw folder that is only told of, with a clock that goes when it is told to."""

    arrivals: Arrivals = field(default_factory=lambda: Arrivals(settle=5, patience=60))
    stamps: dict[str, Stamp] = field(default_factory=dict)
    now: float = 100.0
    n_looks: int = 0

    def look(self, name: str) -> Stamp:
        self.n_looks += 1
        return self.stamps.get(name)

    def write(self, name: str, size: int) -> None:
        """Write to a file, and let the watcher hear of it."""
        self.grow(name, size)
        self.arrivals.changed([name], self.look, self.now)

    def grow(self, name: str, size: int) -> None:
        """Write to a file, and let nobody hear of it."""
        self.stamps[name] = (size, int(self.now * 1e9))

    def remove(self, name: str) -> None:
        del self.stamps[name]
        self.arrivals.changed([name], self.look, self.now)

    def after(self, seconds: float) -> list[str]:
        self.now += seconds
        return self.arrivals.announce(self.look, self.now)


def test_a_file_is_announced_once_when_it_has_not_changed_for_the_settling_time() -> None:
    folder = Folder()
    folder.write("voss.txt", 10)
    assert [folder.after(1) for _ in range(6)] == [[], [], [], [], ["voss.txt"], []]
    assert len(folder.arrivals) == 0


def test_a_file_that_grows_starts_its_time_again_also_when_nobody_told() -> None:
    folder = Folder()
    folder.write("voss.txt", 10)
    assert folder.after(4) == []
    folder.write("voss.txt", 20)
    assert folder.after(4) == []
    folder.grow("voss.txt", 30)
    assert folder.after(4) == []
    assert folder.after(4) == []
    assert folder.after(1) == ["voss.txt"]


def test_a_file_of_the_same_size_with_a_new_time_has_changed() -> None:
    folder = Folder()
    folder.write("voss.txt", 10)
    folder.now += 1
    folder.grow("voss.txt", 10)
    assert folder.after(4) == []
    assert folder.after(5) == ["voss.txt"]


def test_a_burst_is_one_announcement_when_its_last_file_is_complete() -> None:
    folder = Folder()
    for name in ("e", "d", "c", "b", "a"):
        folder.write(name, 1)
        assert folder.after(2) == []
    assert folder.after(3) == ["a", "b", "c", "d", "e"]
    assert folder.after(100) == []


def test_a_complete_file_does_not_wait_for_ever_for_one_that_grows() -> None:
    folder = Folder()
    folder.write("small", 1)
    announced = []
    for size in range(100):
        folder.write("large", size)
        announced.append(folder.after(1))
    assert announced[:59] == [[]] * 59
    assert announced[59] == ["small"]
    assert announced[60:] == [[]] * 40
    assert folder.after(5) == ["large"]


def test_a_file_that_goes_is_announced_too() -> None:
    folder = Folder()
    folder.write("voss.txt", 10)
    assert folder.after(5) == ["voss.txt"]
    folder.remove("voss.txt")
    assert folder.after(4) == []
    assert folder.after(1) == ["voss.txt"]


def test_a_file_that_changes_again_after_it_was_complete_is_not_announced_before_its_time() -> None:
    folder = Folder()
    folder.write("late", 1)
    folder.write("early", 1)
    folder.now += 4
    folder.write("late", 2)
    assert folder.after(1) == []
    folder.write("early", 2)
    assert folder.after(4) == []
    assert folder.after(1) == ["early", "late"]


def test_complete_files_are_not_looked_at_again_while_they_wait() -> None:
    folder = Folder()
    for number in range(50):
        folder.write(f"{number:02}", 1)
    for second in range(20):
        folder.write("growing", second)
        folder.after(1)
    assert folder.n_looks == 50 + 20 + 50


@pytest.mark.parametrize(
    "name",
    [
        "voss.txt.part",
        "voss.PARTIAL",
        "voss.tmp",
        "voss.txt.crdownload",
        "voss.txt~",
        ".voss.txt.swp",
        "~$voss.txt",
        ".DS_Store",
        ".sync/voss.txt",
        "in/~$voss.txt",
    ],
)
def test_hidden_and_unfinished_names_do_not_count(name: str) -> None:
    folder = Folder()
    folder.write(name, 1)
    assert not counts(name)
    assert folder.after(10) == []


@pytest.mark.parametrize(
    "name", ["voss.txt", "in/voss", "partial", "tmp/voss.txt", "a~b.txt", "voss.part.txt"]
)
def test_all_others_count(name: str) -> None:
    assert counts(name)


@given(
    st.lists(st.tuples(st.sampled_from("abcde"), st.floats(0, 20)), max_size=30),
    st.floats(0.5, 10),
    st.floats(10, 40),
)
def test_every_change_is_announced_after_it_settled(
    changes: list[tuple[str, float]], settle: float, patience: float
) -> None:
    folder = Folder(Arrivals(settle, patience))
    last_change: dict[str, float] = {}
    last_told: dict[str, float] = {}
    for size, (name, pause) in enumerate(changes):
        for told in folder.after(pause):
            assert folder.now - last_change[told] >= settle * 0.999
            last_told[told] = folder.now
        folder.write(name, size)
        last_change[name] = folder.now
    for told in folder.after(settle * 1.001):
        last_told[told] = folder.now
    assert set(last_told) == set(last_change)
    assert all(last_told[name] >= moment for name, moment in last_change.items())
    assert len(folder.arrivals) == 0
