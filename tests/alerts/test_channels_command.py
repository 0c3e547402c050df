"""The command channel: real programs, of which each run is a process of its own."""

import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.alerts.channels import open_channels
from monitor.alerts.command import CommandChannel
from monitor.config import parse
from monitor.core.policy import Policy
from monitor.errors import ConfigError, DeliveryFailed
from monitor.fetch import guarded_client
from tests.alerts.test_channels_email import ALERT
from tests.fakes import NOON

ENVIRON = {"PATH": os.environ["PATH"], "HOME": "/", "MONITOR_HOOK_SECRET": "whsec_hidden"}


def program(folder: Path, script: str) -> str:
    file = folder / "tell"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


def channel(folder: Path, script: str, *words: str, deadline: float = 20.0) -> CommandChannel:
    return CommandChannel("own", [program(folder, script), *words], ENVIRON, deadline=deadline)


async def failure(own: CommandChannel) -> str:
    with pytest.raises(DeliveryFailed) as failed:
        await own.send(ALERT, NOON)
    assert not failed.value.refusal.permanent
    return str(failed.value)


async def test_the_program_gets_the_body_and_is_told_what_it_is(tmp_path: Path) -> None:
    script = f'cat > {tmp_path}/body; echo "$MONITOR_MESSAGE_ID $MONITOR_MESSAGE_TYPE $1" > {tmp_path}/about'
    own = channel(tmp_path, script, "$(touch /tmp/never) two words; true")
    assert await own.send(ALERT, NOON) == "exit status 0"

    assert (tmp_path / "body").read_text() == ALERT.body
    about = (tmp_path / "about").read_text()
    assert about == f"{ALERT.id} {ALERT.type} $(touch /tmp/never) two words; true\n", "no shell has read it"


async def test_the_monitors_secrets_are_not_the_programs(tmp_path: Path) -> None:
    await channel(tmp_path, f"env > {tmp_path}/env").send(ALERT, NOON)
    known = (tmp_path / "env").read_text()
    assert "whsec_hidden" not in known
    assert "PATH=" in known


async def test_a_program_that_fails_is_tried_again_and_its_first_words_are_kept(tmp_path: Path) -> None:
    said = await failure(channel(tmp_path, "echo 'no \033[31mroute' >&2; yes | head -c 2000000 >&2; exit 75"))
    assert said.startswith("tell ended with 75 no")
    assert "\033" not in said
    assert len(said) < 300


async def test_a_program_that_never_falls_silent_is_ended(tmp_path: Path) -> None:
    said = await failure(channel(tmp_path, "exec yes >&2", deadline=0.5))
    assert "had not ended after 0.5 s" in said


async def test_a_program_that_does_not_read_is_no_failure(tmp_path: Path) -> None:
    assert await channel(tmp_path, "exit 0").send(replace(ALERT, body="x" * 500_000), NOON) == "exit status 0"


async def test_a_program_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    script = f"(trap '' TERM; sleep 100 & echo $! > {tmp_path}/child; wait) & wait"
    said = await failure(channel(tmp_path, script, deadline=1.5))
    assert "had not ended after 1.5 s" in said
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError("its child has outlived it")


@pytest.mark.parametrize("words", [["tell"], ["/nowhere/tell"], ["/tmp"]])  # a folder
def test_what_is_no_program_is_refused_at_the_start(words: list[str]) -> None:
    with pytest.raises(ConfigError, match="name one that is there by its whole path"):
        CommandChannel("own", words)


# -- who may name a program


CONFIG = {"channels": [{"name": "own", "type": "command", "command": ["/bin/true"]}]}


def config(folder: Path) -> Path:
    file = folder / "config.toml"
    file.write_text("")
    folder.chmod(0o755)
    file.chmod(0o644)
    return file


async def test_a_file_of_ones_own_may_name_a_program(tmp_path: Path) -> None:
    policy = parse(CONFIG, file=config(tmp_path), environ={})
    async with guarded_client(policy.fetch) as client:
        assert await open_channels(policy, client)["own"].send(ALERT, NOON) == "exit status 0"


@pytest.mark.parametrize("place", ["file", "folder"])
@pytest.mark.parametrize("mode", [0o020, 0o002])
def test_a_file_that_others_can_write_may_not(tmp_path: Path, place: str, mode: int) -> None:
    file = config(tmp_path)
    named = file if place == "file" else tmp_path
    named.chmod(named.stat().st_mode | mode)
    with pytest.raises(ConfigError, match=rf"others can write {named}; chmod go-w it"):
        parse(CONFIG, file=file, environ={})
    assert parse({}, file=file, environ={}) == Policy(), "without a command it does not matter"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_file_of_another_user_may_not(tmp_path: Path, place: str) -> None:
    file = config(tmp_path)
    os.chown(file if place == "file" else tmp_path, 12345, -1)
    with pytest.raises(ConfigError, match="belongs to another user; chown it"):
        parse(CONFIG, file=file, environ={})


def test_a_command_channel_without_a_command_says_what_it_needs() -> None:
    with pytest.raises(ConfigError, match="needs a program"):
        parse(json.loads('{"channels": [{"name": "own", "type": "command"}]}'), file=None, environ={})
