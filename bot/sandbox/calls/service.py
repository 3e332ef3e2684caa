"""help.* and users.*: what the server is, and who people are."""

from typing import Any

from telethon.tl import TLObject, types

from bot.sandbox.calls.caller import Answer, Caller, Handler
from bot.sandbox.state import Account, RefusedError

HOUR = 3600
LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024


def get_config(caller: Caller, _request: Any) -> Answer:
    """Say what the server is: a single data centre."""
    now = caller.state.now()
    numbers = dict.fromkeys(_NUMBERS, 0)
    center = types.DcOption(id=2, ip_address=caller.host, port=caller.port, static=True)
    return types.Config(
        date=now,
        expires=now + HOUR,
        test_mode=False,
        this_dc=2,
        dc_options=[center],
        dc_txt_domain_name="",
        me_url_prefix="https://t.me/",
        **{**numbers, "caption_length_max": LONGEST_CAPTION, "message_length_max": LONGEST_TEXT},
    )


def get_app_config(caller: Caller, _request: Any) -> Answer:
    """Say what the account may do, as far as anybody asks."""
    behaviour = caller.state.behaviour
    limits = [
        types.JsonObjectValue(key=f"channels_limit_{kind}", value=types.JsonNumber(value=float(limit)))
        for kind, limit in (("default", behaviour.channels_limit), ("premium", behaviour.channels_limit_premium))
    ]
    return types.help.AppConfig(hash=1, config=types.JsonObject(value=limits))


def get_nearest_dc(_caller: Caller, _request: Any) -> Answer:
    """Name the single data centre."""
    return types.NearestDc(country="XX", this_dc=2, nearest_dc=2)


def get_users(caller: Caller, request: Any) -> Answer:
    """Show users."""
    view = caller.view()
    return [view.user(caller.peer(named)) for named in request.id]


def get_full_user(caller: Caller, request: Any) -> Answer:
    """Show a user with what else is known: a bot's commands."""
    view = caller.view()
    found = caller.peer(request.id)
    view.user(found)
    full = types.UserFull(
        id=found.id,
        settings=types.PeerSettings(),
        notify_settings=types.PeerNotifySettings(),
        common_chats_count=0,
        blocked=found.id in caller.account.blocked,
        bot_info=_bot_info(found),
    )
    return types.users.UserFull(full_user=full, chats=view.chats, users=view.users)


def set_commands(caller: Caller, request: Any) -> Answer:
    """Keep a bot's menu of commands."""
    if len(request.commands) > MOST_COMMANDS:
        raise RefusedError(400, "BOT_COMMANDS_TOO_MUCH")
    for command in request.commands:
        if not command.command or not command.description:
            raise RefusedError(400, "BOT_COMMAND_INVALID")
    bot = caller.bot()
    bot.menus[_whose(caller, request)] = list(request.commands)
    return True


def get_commands(caller: Caller, request: Any) -> Answer:
    """Return a bot's menu of commands."""
    return list(caller.bot().menus.get(_whose(caller, request), ()))


def _whose(caller: Caller, request: Any) -> tuple[int, str]:
    peer = getattr(request.scope, "peer", None)
    return (0 if peer is None else caller.peer(peer).id), request.lang_code


def _bot_info(account: Account) -> TLObject | None:
    if not account.is_bot:
        return None
    return types.BotInfo(user_id=account.id, commands=account.commands or None)


MOST_COMMANDS = 100
_NUMBERS = (
    "chat_size_max",
    "megagroup_size_max",
    "forwarded_count_max",
    "online_update_period_ms",
    "offline_blur_timeout_ms",
    "offline_idle_timeout_ms",
    "online_cloud_timeout_ms",
    "notify_cloud_delay_ms",
    "notify_default_delay_ms",
    "push_chat_period_ms",
    "push_chat_limit",
    "edit_time_limit",
    "revoke_time_limit",
    "revoke_pm_time_limit",
    "rating_e_decay",
    "stickers_recent_limit",
    "channels_read_media_period",
    "call_receive_timeout_ms",
    "call_ring_timeout_ms",
    "call_connect_timeout_ms",
    "call_packet_timeout_ms",
    "webfile_dc_id",
)

CALLS: dict[str, Handler] = {
    "help.getConfig": get_config,
    "help.getAppConfig": get_app_config,
    "help.getNearestDc": get_nearest_dc,
    "users.getUsers": get_users,
    "users.getFullUser": get_full_user,
    "bots.setBotCommands": set_commands,
    "bots.getBotCommands": get_commands,
}
