"""What days, a topic and a channel mean that stand behind a command of the terminal."""

from zoneinfo import ZoneInfo

from bot import catalogues, periods, rulebook, search
from bot.cli import clock
from bot.cli.trouble import TroubleError
from bot.commands import removing
from bot.periods import Known, Problem
from storage import channels
from storage.database import Database

LANGUAGE = "en"


async def known(database: Database, rules: rulebook.Rulebook, zone: ZoneInfo) -> Known:
    """Give what the words can mean; `rules` are brought to what the database says of them."""
    await rulebook.renew(rules, database)
    async with database.reading() as connection:
        held = await channels.every(connection)
    return Known(now=clock.now(), zone=zone, topics=search.topics(rules), channels=held, meant=removing.meant)


def misuse(problem: Problem, known: Known, *, command: str) -> TroubleError:
    """Say why the words behind `command` mean nothing."""
    texts = catalogues.load(LANGUAGE)
    return TroubleError(periods.explain(texts, problem, known, command=f"homefront {command}"), code=2)
