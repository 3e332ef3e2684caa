import pytest

from bot.pipeline import language


class Detector:
    """Knows two words, and guesses what it is told to."""

    def __init__(self, guess: str = "xx") -> None:
        self.answer = guess
        self.asked: list[str] = []

    def known(self, word: str, code: str) -> bool:
        return word in {"ru": {"вода"}, "uk": {"хмара"}}[code]

    def guess(self, text: str, script: str) -> str:
        self.asked.append(script)
        return self.answer


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "und"),
        ("🙂 123 …", "und"),
        ("М", "und"),
        ("1, 2, 3 ok", "und"),
        ("Съешь ещё этих булок", "ru"),
        ("Їжак і ґава", "uk"),
        ("що там", "uk"),
        ("что там", "ru"),
        ("вода", "ru"),
        ("хмара", "uk"),
        ("У Мінску сёння быў дождж, ўсе дома", "be"),
        ("Бүгін қала әкімі жаңа өнер мектебін ашты", "kk"),
        ("Људи су ђаци и њихови пријатељи с џепом ћуте", "sr"),
        ("Ќе дојде нашиот пријател со ѓаволот и ѕидот ќе падне", "mk"),
        ("Във всъщност българският език съдържа твърд звук", "bg"),
        ("Жыхары вёскі чакаюць", "be"),
        ("Бүгін ауа райы жақсы", "kk"),
        ("Қар жауып, ғимарат ақ", "kk"),
        ("Татарстанда яңа мәктәп ачылды, җыр", "tt"),
        ("Әнкәй, мәктәп", "tt"),
        ("Яңы уҡыу йылы, ҙур", "ba"),
        ("Ўзбекистон ҳукумати ҳақида", "uz"),
        ("Өлкөдө жаңы мыйзам", "ky"),
        ("Министар је рекао да неће", "sr"),
        ("Рече дека има појадок", "mk"),
        ("Министърът каза днес", "bg"),
        ("Коммерсантъ пишет что", "ru"),
        ("«Україна» вода вода вода вода вода", "ru"),
        ("«Україна» хмара хмара хмара хмара хмара", "uk"),
        ("«Україна» кума кума кума кума кума", "uk"),
        ("The soldiers went home", "en"),
        ("it's raining", "en"),
        ("was is of", "xx"),
        ("გამარჯობა", "ka"),
        ("Привет from the group, что нового", "ru"),
        ("#верните_мужей #дети", "xx"),
        ("https://t.me/news @channel", "und"),
        ("ї ы ы ї", "xx"),
    ],
)
def test_the_language_is_told(text: str, code: str) -> None:
    assert language.detect(Detector(), text) == code


def test_statistics_are_asked_last_and_by_script() -> None:
    detector = Detector("nl")
    assert language.detect(detector, "gezellig") == "nl"
    assert language.detect(detector, "трава") == "nl"
    assert detector.asked == ["latin", "cyrillic"]
