"""Secrets stay where they are: in no output, no error, no log, and not in the store."""

import base64
import json
from pathlib import Path

import pytest

from tests.conftest import Monitor

KEY = "whsec_" + base64.b64encode(b"planted-signing-key-of-32-bytes!").decode()
SECRETS = {
    "SMTP": "planted-smtp-password",
    "HOOK": "http://127.0.0.1:9/planted-hook-path?token=planted-hook-query",
    "KEY": KEY,
    "CHAT": "json://planted-chat-user:planted-chat-password@127.0.0.1:9/planted-chat-token",
    "PING": "http://127.0.0.1:9/planted-ping-path",
    "HEADER": "planted-header",
    "COOKIE": "planted-cookie",
    "PROXY": "http://desk:planted-proxy-password@127.0.0.1:9",
}
CONFIG = """
[fetch]
allow_networks = ["127.0.0.0/8"]
[[sites]]
host = "127.0.0.1"
headers_env = { X-Key = "HEADER" }
cookies_env = { session = "COOKIE" }
proxy_env = "PROXY"
[email]
host = "127.0.0.1"
port = 9
username = "desk"
password_env = "SMTP"
from = "monitor@example.org"
[health]
ping_url_env = "PING"
[[channels]]
name = "mail"
type = "email"
to = ["desk@example.org"]
[[channels]]
name = "hook"
type = "webhook"
url_env = "HOOK"
secret_env = "KEY"
[[channels]]
name = "chat"
type = "apprise"
url_env = "CHAT"
[[channels]]
name = "own"
type = "command"
command = ["/bin/sh", "-c", "env >&2; exit 1"]
"""
VERBS = [
    ["config", "check"],
    ["--verbose", "config", "check"],
    ["--verbose", "add", "http://127.0.0.1:9/story"],
    ["--verbose", "check", "--all"],
    ["--verbose", "alerts", "test", "mail"],
    ["--verbose", "alerts", "test", "hook"],
    ["--verbose", "alerts", "test", "chat"],
    ["--verbose", "alerts", "test", "own"],
    ["alerts", "list"],
    ["alerts", "list", "--json"],
    ["alerts", "retry"],
    ["status"],
    ["status", "--json"],
    ["list", "--json"],
    ["verify"],
]


def planted(text: str) -> list[str]:
    return [word for word in ("planted", KEY, KEY.removeprefix("whsec_")) if word in text]


def test_no_verb_tells_a_secret(monitor: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    tmp_path.chmod(0o755)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)

    told = {" ".join(verb): monitor(*verb) for verb in VERBS}

    assert {verb: planted(ran.out + ran.err) for verb, ran in told.items() if planted(ran.out + ran.err)} == {}
    failed = json.loads(told["alerts list --json"].out)
    assert [row["channel"] for row in failed if row["last_error"]] == ["mail", "hook", "chat", "own"], "all were tried"
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("monitor.db*"))
    assert b"planted" not in kept


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("port = 9", "port = 'nine'"),
        ('from = "monitor@example.org"', "sender = 'me'"),
        ('type = "apprise"', 'type = "carrier pigeon"'),
        ('url_env = "HOOK"', 'url_env = "HOOK"\nretries = 3'),
        ('proxy_env = "PROXY"', 'proxy_env = "PROXY"\nproxi = 1'),
        ('proxy_env = "PROXY"', 'proxy_env = "HEADER"'),
        ('X-Key = "HEADER"', '"X Key" = "HEADER"'),
        ('session = "COOKIE"', 'session = "COOKIE", "a b" = "HEADER"'),
        ('secret_env = "KEY"', 'secret_env = "SMTP"'),
        ('url_env = "CHAT"', 'url_env = "PING"\nquiet = ["night"]'),
    ],
)
def test_no_error_of_the_configuration_tells_a_secret(
    monitor: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    assert right in CONFIG
    (tmp_path / "config.toml").write_text(CONFIG.replace(right, wrong))
    tmp_path.chmod(0o755)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)

    told = [monitor(*verb) for verb in (["config", "check"], ["alerts", "test", "hook"], ["check"])]
    assert any(ran.code for ran in told)
    assert [planted(ran.out + ran.err) for ran in told] == [[], [], []]
