"""Users sign in by phone, code and password, bots by token, and nobody without."""

import pytest
from telethon import errors, functions, types

from bot.sandbox import server
from bot.sandbox.world import World
from tests.served import Clients, connected


async def test_a_wrong_code_is_refused_and_the_right_one_signs_in(world: World, running: server.Server) -> None:
    user = world.add_user(phone="380000000001", code="54321")
    async with connected(running) as client:
        await client.send_code_request("+380 000000001")
        with pytest.raises(errors.PhoneCodeInvalidError):
            await client.sign_in("+380000000001", "00000")
        assert (await client.sign_in("+380000000001", "54321")).id == user.id
        assert await client.is_user_authorized()


async def test_a_code_asked_for_again_makes_the_old_question_worthless(world: World, running: server.Server) -> None:
    user = world.add_user()
    async with connected(running) as client:
        sent = await client.send_code_request(user.phone)
        await client(functions.auth.ResendCodeRequest(user.phone, sent.phone_code_hash))
        with pytest.raises(errors.PhoneCodeExpiredError):
            await client.sign_in(user.phone, user.code)


async def test_nobody_signs_in_with_a_phone_that_no_account_has(running: server.Server) -> None:
    async with connected(running) as client:
        with pytest.raises(errors.PhoneNumberInvalidError):
            await client.send_code_request("70000000000")


async def test_an_account_with_a_password_wants_it_after_the_code(world: World, running: server.Server) -> None:
    user = world.add_user(password="длинный пароль")
    async with connected(running) as client:
        await client.send_code_request(user.phone)
        with pytest.raises(errors.SessionPasswordNeededError):
            await client.sign_in(user.phone, user.code)
        with pytest.raises(errors.PasswordHashInvalidError):
            await client.sign_in(password="короткий пароль")
        assert not await client.is_user_authorized()
        assert (await client.sign_in(password="длинный пароль")).id == user.id


async def test_a_signed_in_account_without_a_password_says_so(world: World, client: Clients) -> None:
    reader = await client(world.add_user())
    assert not (await reader(functions.account.GetPasswordRequest())).has_password


async def test_the_password_is_not_asked_of_strangers(running: server.Server) -> None:
    async with connected(running) as client:
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await client(functions.account.GetPasswordRequest())


async def test_a_bot_signs_in_with_its_token_alone(world: World, running: server.Server) -> None:
    bot = world.add_bot(token="77:abc", username="seventy_seven_bot")
    async with connected(running) as client:
        with pytest.raises(errors.AccessTokenInvalidError):
            await client.sign_in(bot_token="77:abd")
        me = await client.sign_in(bot_token="77:abc")
        assert (me.id, me.bot, me.username) == (bot.id, True, "seventy_seven_bot")


async def test_who_is_not_signed_in_is_refused(running: server.Server) -> None:
    async with connected(running) as client:
        assert await client.get_me() is None
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await client(functions.contacts.ResolveUsernameRequest("anything"))


async def test_signing_out_ends_it(world: World, client: Clients) -> None:
    reader = await client(world.add_user())
    await reader(functions.auth.LogOutRequest())
    assert await reader.get_me() is None


async def test_an_account_signed_out_elsewhere_is_refused(world: World, client: Clients) -> None:
    user = world.add_user()
    reader = await client(user)
    world.sign_out(user)
    assert await reader.get_me() is None


async def test_a_call_that_the_sandbox_does_not_know_gets_an_error_not_silence(world: World, client: Clients) -> None:
    reader = await client(world.add_user())
    with pytest.raises(errors.BadRequestError, match="METHOD_NOT_IMPLEMENTED"):
        await reader(functions.stories.GetAllReadPeerStoriesRequest())


async def test_users_and_bots_may_not_call_what_is_meant_for_the_other(world: World, client: Clients) -> None:
    user, bot = await client(world.add_user()), await client(world.add_bot())
    with pytest.raises(errors.BotMethodInvalidError):
        await bot(functions.contacts.SearchRequest("anything", 10))
    with pytest.raises(errors.UserBotRequiredError):
        await user(functions.bots.GetBotCommandsRequest(types.BotCommandScopeDefault(), ""))


async def test_a_banned_phone_an_empty_code_and_an_unasked_password_are_refused(
    world: World, running: server.Server
) -> None:
    user = world.add_user(password="пароль")
    async with connected(running) as client:
        sent = await client.send_code_request(user.phone)
        with pytest.raises(errors.PhoneCodeEmptyError):
            await client(functions.auth.SignInRequest(user.phone, sent.phone_code_hash, ""))
        with pytest.raises(errors.AuthKeyUnregisteredError):
            await client(functions.auth.CheckPasswordRequest(types.InputCheckPasswordEmpty()))
        with pytest.raises(errors.SessionPasswordNeededError):
            await client.sign_in(user.phone, user.code)
        with pytest.raises(errors.SrpIdInvalidError):
            await client(functions.auth.CheckPasswordRequest(types.InputCheckPasswordEmpty()))
        await client(functions.account.GetPasswordRequest())
        with pytest.raises(errors.PasswordHashInvalidError):
            await client(functions.auth.CheckPasswordRequest(types.InputCheckPasswordSRP(1, b"1", b"2")))
        user.deleted = True
        with pytest.raises(errors.PhoneNumberBannedError):
            await client(functions.auth.SendCodeRequest(user.phone, 1, "", types.CodeSettings()))


async def test_online_status_is_taken_note_of(world: World, client: Clients) -> None:
    reader = await client(world.add_user())
    assert await reader(functions.account.UpdateStatusRequest(offline=False)) is True
