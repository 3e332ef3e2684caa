from bot.render import spike
from bot.render.catalogue import Catalogue
from tests.render import digests, showing


def test_a_spike_reads_as_agreed(texts: Catalogue) -> None:
    told = (digests.headline(2, "rotation", copies=2), digests.headline(1, "rotation"))
    message = spike.spike(
        texts, "rotation", posts=14, usual=2.5, hour=(digests.START, digests.START + 3000), told=told, zone=digests.KYIV
    )
    showing.assert_sendable(message)
    assert showing.pages((message,)) == showing.golden("spike")
