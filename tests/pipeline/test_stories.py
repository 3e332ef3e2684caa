"""Where a post belongs: to a story that is told, or to a new one."""

from dataclasses import replace

from bot.pipeline import stories
from storage.models import ChannelId, MessageId, Origin, Post, PostId, StoryId, TextPart
from storage.story_models import Kin, Story
from tests import records

NOW = records.NOW
NEWS = (
    "Жёны мобилизованных из Заречного записали обращение к губернатору. Мужья находятся на передовой двадцать шестой "
    "месяц без отпуска и замены. Командир части отказался назвать сроки ротации."
)
COPY = f"{NEWS} Подробностей пока нет."
ROUNDUP = f"Итоги дня. {NEWS} " + "Кроме того, в городе открыли каток, подорожал хлеб и снова отменили автобус. " * 3


def kin(text: str = NEWS, *, story: int = 1, began: int = NOW, sure: bool = False) -> Kin:
    told = Story(id=StoryId(story), began_at=began, continues=None)
    return Kin(post_id=PostId(story), story=told, sure=sure, text=text)


def decided(post: Post, *found: Kin, at: int = NOW) -> stories.Verdict:
    return stories.decide(post, stories.marks(post), found, at=at)


def test_without_kin_a_story_begins_and_can_be_recognised() -> None:
    post = records.post(text=NEWS)
    known = stories.marks(post)
    assert decided(post) == stories.Verdict(joins=None, continues=None, marks=(*known.sure, *known.sketch))
    assert len(known.sure) == 2


def test_a_copy_joins_and_lends_its_text_only_where_it_differs() -> None:
    post = records.post(text=COPY)
    known = stories.marks(post)
    assert decided(post, kin()) == stories.Verdict(joins=StoryId(1), continues=None, marks=known.sure)
    half = kin(NEWS[:68] + "Они живут в разных районах области и раньше друг друга не знали, а теперь ездят вместе.")
    assert decided(post, half).joins is None
    cut = kin(COPY.replace("записали обращение", "сняли короткое видео"))
    assert decided(post, cut).marks == (*known.sure, *known.sketch)


def test_of_several_the_likest_is_joined_unless_one_is_sure() -> None:
    post = records.post(text=NEWS)
    less = kin(NEWS.replace("записали обращение", "сняли короткое видео"), story=1)
    assert decided(post, less, kin(story=2)).joins == 2
    assert decided(post, kin("Совсем другое.", story=3, sure=True), kin(story=2)).joins == 3


def test_a_roundup_joins_but_no_other_post_by_its_text() -> None:
    post = records.post(text=ROUNDUP)
    known = stories.marks(post)
    assert decided(post, kin()) == stories.Verdict(joins=StoryId(1), continues=None, marks=known.sure)
    assert decided(post, kin(sure=True)).marks == known.sure


def test_after_three_days_a_new_story_continues_the_old_one() -> None:
    post = records.post(text=NEWS)
    late = NOW + stories.WINDOW_SECONDS
    assert decided(post, kin(), at=late).joins == 1
    verdict = decided(post, kin(), kin(story=2, began=NOW + 60), at=late + 61)
    assert (verdict.joins, verdict.continues) == (None, 2)
    assert verdict.marks[-1] > 0


def test_what_is_older_than_all_kin_by_more_than_three_days_continues_nothing() -> None:
    verdict = decided(records.post(text=NEWS), kin(), at=NOW - stories.WINDOW_SECONDS - 1)
    assert (verdict.joins, verdict.continues) == (None, None)


def test_what_only_looks_alike_is_left_alone() -> None:
    assert decided(records.post(text=NEWS), kin(NEWS.replace("Заречного", "Калуги"))).joins is None


def test_a_forward_and_its_origin_share_a_mark_and_so_do_the_parts_of_an_album() -> None:
    here = records.post(5, "Раз.")
    origin = Origin(channel_id=here.channel_id, message_id=MessageId(5), title="Вести", date=NOW)
    forward = replace(records.post(9, "Два.", channel_id=77), origin=origin)
    assert stories.marks(here).sure == stories.marks(forward).sure
    parts = [records.post(number, "Часть.", grouped_id=3) for number in (1, 2)]
    assert set(stories.marks(parts[0]).sure) & set(stories.marks(parts[1]).sure)
    elsewhere = records.post(1, "Часть.", channel_id=78, grouped_id=3)
    assert not set(stories.marks(parts[1]).sure) & set(stories.marks(elsewhere).sure)


def test_a_forward_of_which_the_origin_is_hidden_stands_for_itself() -> None:
    post = records.post(5, "Раз.")
    for channel_id, message_id in ((None, None), (ChannelId(7), None)):
        hidden = Origin(channel_id=channel_id, message_id=message_id, title=None, date=NOW)
        assert stories.marks(replace(post, origin=hidden)) == stories.marks(post)


def test_a_link_preview_says_nothing_of_a_post() -> None:
    parts = (TextPart(kind="message", start=0, end=len(NEWS)), TextPart(kind="preview", start=len(NEWS) + 2, end=500))
    previewed = records.post(text=f"{NEWS}\n\nДругая новость о совсем других людях", parts=parts)
    assert stories.marks(previewed) == stories.marks(records.post(text=NEWS))
