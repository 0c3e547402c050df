"""The Apprise channel, with the real library and a real server on loopback."""

import asyncio
import json
import sys

import pytest

from monitor.alerts.apprise import AppriseChannel
from monitor.config import parse
from monitor.core.policy import ChannelPolicy, ChannelType
from monitor.errors import ConfigError, DeliveryFailed
from tests.alerts.receiver import answer, receiving
from tests.alerts.test_channels_email import ALERT
from tests.fakes import NOON


def address(url: str) -> str:
    return url.replace("http://", "json://user:hunter2@").rstrip("/") + "/token-7e1f"


async def test_a_message_arrives_as_title_and_text() -> None:
    async with receiving(answer("200 OK")) as receiver:
        said = await AppriseChannel("desk", address(receiver.url)).send(ALERT, NOON)

    [post] = receiver.posts
    body = json.loads(post.body)
    assert (body["title"], body["message"].strip()) == (ALERT.subject, ALERT.text.strip())
    assert said == "taken by JSON"


@pytest.mark.parametrize("status", ["500 Oops", "404 Not Found", "401 Unauthorized"])
async def test_a_refusal_is_tried_again_and_tells_no_secret(status: str) -> None:
    async with receiving(answer(status)) as receiver:
        with pytest.raises(DeliveryFailed) as failed:
            await AppriseChannel("desk", address(receiver.url)).send(ALERT, NOON)

    assert not failed.value.refusal.permanent
    assert status[:3] in str(failed.value)
    assert "hunter2" not in str(failed.value)
    assert "token-7e1f" not in str(failed.value)


async def test_nobody_listening_is_tried_again() -> None:
    with pytest.raises(DeliveryFailed) as failed:
        await AppriseChannel("desk", "json://user:hunter2@127.0.0.1:9/token-7e1f").send(ALERT, NOON)
    assert "hunter2" not in str(failed.value)
    assert "token-7e1f" not in str(failed.value)


async def test_a_service_that_never_answers_holds_nobody_up() -> None:
    async with receiving(None) as receiver:
        with pytest.raises(DeliveryFailed, match=r"did not answer within 0\.3 s"):
            await AppriseChannel("desk", address(receiver.url), deadline=0.3).send(ALERT, NOON)


async def test_two_that_fail_at_once_hear_each_their_own_answer() -> None:
    async with receiving(answer("500 Oops")) as first, receiving(answer("403 Never")) as second:
        channels = [AppriseChannel("desk", address(one.url)) for one in (first, second)]
        said = await asyncio.gather(*(one.send(ALERT, NOON) for one in channels), return_exceptions=True)

    assert ["500" in str(said[0]), "403" in str(said[0])] == [True, False]
    assert ["500" in str(said[1]), "403" in str(said[1])] == [False, True]


def test_a_text_is_cut_to_what_the_service_takes() -> None:
    from monitor.alerts.apprise import _cut

    assert _cut("nine words", 10) == "nine words"
    assert _cut("more than that", 10) == "more than…"


@pytest.mark.parametrize("url", ["nonsense://hunter2", "slack://", "hunter2"])
def test_an_address_that_it_cannot_read_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ConfigError, match="Apprise cannot read") as refused:
        AppriseChannel("desk", url)
    assert "hunter2" not in str(refused.value)


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigError, match=r"pip install 'article-monitor\[apprise\]'"):
        AppriseChannel("desk", "json://127.0.0.1/")


def test_an_address_comes_from_the_environment_and_never_from_the_file() -> None:
    channel = {"name": "desk", "type": "apprise", "url_env": "DESK"}
    policy = parse({"channels": [channel]}, file=None, environ={"DESK": "json://127.0.0.1/"})
    assert policy.channels == (ChannelPolicy(name="desk", type=ChannelType.APPRISE, url="json://127.0.0.1/"),)
    written = {"name": "desk", "type": "apprise", "url": "json://user:hunter2@127.0.0.1/"}
    with pytest.raises(ConfigError, match="does not belong in this file; use url_env or url_file"):
        parse({"channels": [written]}, file=None, environ={})
    with pytest.raises(ConfigError, match="several addresses"):
        parse({"channels": [channel]}, file=None, environ={"DESK": "json://a/ json://b/"})
    with pytest.raises(ConfigError, match="needs an address"):
        parse({"channels": [{"name": "desk", "type": "apprise"}]}, file=None, environ={})
