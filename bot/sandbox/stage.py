"""Puts the demo's script on: a world with its people and channels, in which the scenes are played."""

from dataclasses import dataclass, field

from bot.sandbox import world
from bot.sandbox.script import Scene, Script
from bot.sandbox.state import Account, Channel, Post

PHONE_OF_READER = "79990000001"
PHONE_OF_OWNER = "79990000002"
CODE = "12345"
TOKEN = "4242:of-the-sandbox-alone"  # noqa: S105 - it opens nothing but the sandbox
BOT = "homefront_demo_bot"


@dataclass(slots=True, kw_only=True)
class Stage:
    """A world with the script's channels; `named` are the posts that later scenes speak of."""

    world: world.World
    reader: Account
    owner: Account
    channels: dict[str, Channel]
    named: dict[str, Post] = field(default_factory=dict)

    def play(self, scene: Scene, *, date: int) -> Post:
        """Let a scene happen at `date` (UTC seconds) and return the post it is about."""
        if scene.action == "edit":
            return self.world.edit(self.named[str(scene.of)], scene.text)
        if scene.action == "delete":
            gone = self.named[str(scene.of)]
            self.world.delete(gone)
            return gone
        if scene.action == "forward":
            return self.world.forward(self.named[str(scene.of)], self.channels[scene.channel], date=date)
        post = self.world.post(self.channels[scene.channel], scene.text, date=date, views=scene.views)
        if scene.name is not None:
            self.named[scene.name] = post
        return post


def build(script: Script, *, now: int) -> Stage:
    """Make the world as it is when the live part begins: the week before `now` (UTC seconds) has happened."""
    made = world.World()
    stage = Stage(
        world=made,
        reader=made.add_user(phone=PHONE_OF_READER, code=CODE, first_name="Reader"),
        owner=made.add_user(phone=PHONE_OF_OWNER, code=CODE, first_name="You"),
        channels={
            channel.name: made.add_channel(
                channel.title,
                channel.username,
                subscribers=channel.subscribers,
                verified="verified" in channel.flags,
                fake="fake" in channel.flags,
            )
            for channel in script.channels
        },
    )
    made.add_bot(token=TOKEN, username=BOT)
    for scene in (*script.history, *script.live):
        if scene.english is not None:
            made.state.translations["en", scene.text] = scene.english
    for scene in script.history:
        stage.play(scene, date=now + int(scene.at))
    return stage
