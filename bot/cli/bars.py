"""The bar that shows how far a long command is; it stands on standard error, and goes when the command is done."""

from rich import console, progress


def counting(shown: console.Console | None = None) -> progress.Progress:
    """Make a bar that counts; `shown`: where else it stands."""
    return progress.Progress(
        progress.TextColumn("{task.description}", markup=False),  # a title is data, whatever brackets it has
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
        console=shown or console.Console(stderr=True),
        transient=True,
    )
