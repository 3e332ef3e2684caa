"""What goes wrong at the terminal and its user can mend."""


class TroubleError(Exception):
    """A sentence on what happened, what was kept and what to do; `code` is the exit code."""

    def __init__(self, sentence: str, *, code: int = 1) -> None:
        """Keep the sentence and the exit code: 1 failed, 2 misused."""
        super().__init__(sentence)
        self.code = code
