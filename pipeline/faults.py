"""Faults that are expected and are told to the user in plain words, without a traceback."""


class Fault(Exception):
    """Something the user can mend: what is wrong (with file, line, rule) and what to do about it."""

    def __init__(self, what: str, to_do: str) -> None:
        super().__init__(f"{what}: {to_do}.")
        self.what = what
        self.to_do = to_do

    def __reduce__(self) -> tuple[type["Fault"], tuple[str, str]]:
        # Comes back from a worker process as it was raised there.
        return type(self), (self.what, self.to_do)
