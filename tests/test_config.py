"""config.toml -> policy, and the errors that name the key."""

import tomllib
from dataclasses import MISSING, fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.config import load, parse
from monitor.core.policy import (
    ArticleEntry,
    ChannelPolicy,
    ChannelType,
    EmailPolicy,
    Policy,
    RulePolicy,
    Selection,
    SiteEntry,
    SourceEntry,
)
from monitor.errors import ConfigError

ROOT = Path(__file__).resolve().parents[1]


def read(text: str, **environ: str) -> Policy:
    return parse(tomllib.loads(text), file=None, environ=environ)


EMAIL = '[email]\nhost = "smtp.example"\nfrom = "monitor@example.org"\n'
DESK = '[[channels]]\nname = "desk"\ntype = "email"\nto = ["desk@example.org"]\n'


def test_nothing_written_is_the_defaults() -> None:
    assert read("") == Policy()


def test_values_are_read_in_the_units_people_write() -> None:
    policy = read('[fetch]\ndelay = "1m30s"\nmax_body = "2MiB"\nallow_networks = ["10.0.0.0/8"]')

    assert policy.fetch.delay == timedelta(seconds=90)
    assert policy.fetch.max_body == 2 << 20
    assert str(policy.fetch.allow_networks[0]) == "10.0.0.0/8"


def test_a_secret_comes_from_the_environment() -> None:
    hook = '[[channels]]\nname = "hook"\ntype = "webhook"\nurl = "https://h.example/"\nsecret_env = "HOOK"'

    assert read(hook, HOOK="whsec_x").channels == (
        ChannelPolicy(name="hook", type=ChannelType.WEBHOOK, url="https://h.example/", secret="whsec_x"),
    )


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hunter2\n")
    policy = read(EMAIL + f'password_file = "{tmp_path / "password"}"')

    assert policy.email
    assert policy.email.password == "hunter2"
    assert "hunter2" not in repr(policy)


def test_what_a_site_is_told_of_us_may_come_from_the_environment() -> None:
    site = 'headers = {Accept-Language = "en"}\nheaders_env = {X-Key = "KEY"}\ncookies_env = {session = "KEY"}\n'
    policy = read(SITE + site + 'proxy_env = "PROXY"', KEY="s3cret", PROXY="http://u:s3cret@p.example:3128")

    [entry] = policy.sites
    assert entry.headers == {"Accept-Language": "en", "X-Key": "s3cret"}
    assert entry.cookies == {"session": "s3cret"}
    assert entry.proxy == "http://u:s3cret@p.example:3128"
    assert "s3cret" not in repr(policy)


SITE = "[[sites]]\nhost = 'x.example'\n"
SOURCE = "[[sources]]\nurl = 'https://x.example/'\n"


def test_a_source_says_what_it_keeps_with_one_text_or_a_list() -> None:
    text = "links = 'main a'\npattern = '/20*'\nexclude = ['*.pdf', '/video/*']\nlanguage = 'en'\nmax_age = '2d'"

    [source] = read(SOURCE + text).sources

    assert source.selection == Selection(
        links="main a",
        pattern=("/20*",),
        exclude=("*.pdf", "/video/*"),
        language=("en",),
        max_age=timedelta(days=2),
    )


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("[fetch]\ndelai = '2s'", "fetch.delai", 'did you mean "delay"?'),
        ("[fetsch]\ndelay = '2s'", "fetsch", 'did you mean "fetch"?'),
        ("[fetch]\ndelay = 2", "fetch.delay", 'a duration such as "30s"'),
        ("[fetch]\ndelay = '2 parsecs'", "fetch.delay", "'2 parsecs' is not allowed"),
        ("[fetch]\nmax_body = 'huge'", "fetch.max_body", 'a size such as "10MB"'),
        ("[fetch]\nrespect_robots = 'yes'", "fetch.respect_robots", "true or false"),
        ("[fetch]\nallow_networks = '10.0.0.0/8'", "fetch.allow_networks", "list in square brackets"),
        ("[fetch]\nallow_networks = ['here']", "fetch.allow_networks[0]", "address range"),
        ("[schedule]\nlive = '0s'", "schedule.live", "at least 100ms"),
        ("[schedule]\nmin = '0s'", "schedule.min", "at least 100ms"),
        ("[schedule]\nmin = '8d'", "schedule.min", "not be longer than max"),
        ("[schedule]\nconcurrency = 0", "schedule.concurrency", "1 or more"),
        ("[[articles]]\nurl = 'ftp://x.example/'", "articles[0].url", "ftp"),
        ("[[articles]]\ntags = ['x']", "articles[0]", "url is missing"),
        ("[[sources]]\nurl = 'https://x.example/'\nonly_life = true", "sources[0].only_life", '"only_live"'),
        (SOURCE + "links = 'a['", "sources[0].links", 'a CSS selector such as "main a.story"'),
        (SOURCE + "pattern = 3", "sources[0].pattern", "a text in quotes, or a list of them"),
        (SOURCE + "section = ['']", "sources[0].section", "a text in quotes, or a list of them"),
        (SOURCE + "max_age = 'old'", "sources[0].max_age", "a duration such as"),
        ("[[sites]]\nhost = 'x.example'\nzone = 'Mars/Base'", "sites[0].zone", "no time zone"),
        (SITE + "headers = 'X-Key: 1'", "sites[0]", "headers is 'X-Key: 1'; allowed is a table"),
        (SITE + "headers_env = 'NAME'", "sites[0]", "headers_env is 'NAME'; allowed is a table"),
        (SITE + "headers_env = {X-Key = 'NOT_SET'}", "sites[0]", "$NOT_SET, which is not set"),
        (SITE + "headers = {User-Agent = 'Mozilla'}", "sites[0].headers", "user_agent in [fetch]"),
        (SITE + "headers = {Cookie = 'a=b'}", "sites[0].headers", "write it under cookies"),
        (SITE + "headers = {'X Key' = 'b'}", "sites[0].headers", "cannot be sent as a header"),
        (SITE + 'headers = {X = "a\\r\\nHost: b"}', "sites[0].headers", "must be one line"),
        (SITE + "cookies = {a = 'b; c'}", "sites[0].cookies", "cannot be sent as a cookie"),
        (
            SITE + "proxy = 'http://u:s3cret@p.example'",
            "sites[0]",
            "a password does not belong in this file; use proxy_env",
        ),
        ("[fetch]\nproxy = 'socks5://p.example'", "fetch.proxy", "write http://proxy.example:3128"),
        (EMAIL + "password = 'x'", "email", "password_env or password_file"),
        (EMAIL + "password_env = 'NOT_SET'", "email", "$NOT_SET, which is not set"),
        (EMAIL + "security = 'ssl'", "email.security", '"tls"'),
        (DESK, "email", "add an [email] table"),
        (EMAIL + DESK + DESK, "channels[1].name", "used twice"),
        ("[[channels]]\nname = 'h'\ntype = 'webhook'", "channels[0].url", "needs an address"),
        ("[[channels]]\nname = 'h'\ntype = 'pigeon'", "channels[0].type", '"email", "webhook"'),
        ("[[rules]]\nchannels = ['nobody']", "rules[0].channels", "there is no channel 'nobody'"),
        (EMAIL + DESK + "[[rules]]\nchannels = ['desk']\nfields = ['headlines']", "rules[0].fields[0]", '"headline"'),
        (EMAIL + DESK + "[[rules]]\nchannels = ['desk']\nevents = ['change']", "rules[0].events[0]", '"changed"'),
    ],
)
def test_an_error_names_the_key_and_what_is_allowed(text: str, key: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)

    assert caught.value.key == key
    assert words in str(caught.value)


def test_all_wrong_keys_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        read("[fetch]\ndelay = 2\ntimeout = 3")

    assert "fetch.delay" in str(caught.value)
    assert "fetch.timeout" in str(caught.value)


@pytest.mark.parametrize("content", ["[fetch", "\x00\xff"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(content, encoding="latin-1")

    with pytest.raises(ConfigError, match=r"config\.toml: it is not"):
        load(str(file), store=None, environ={})


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load("/nowhere/config.toml", store=None, environ={})


def test_a_relative_store_is_relative_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[store]\nurl = "sqlite:///here.db"')

    assert load(str(file), store=None, environ={}).policy.store.url == f"sqlite:///{tmp_path / 'here.db'}"


def test_without_a_file_the_store_is_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {"XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}

    assert load(None, store=None, environ=environ).policy.store.url == f"sqlite:///{tmp_path}/data/monitor/monitor.db"


# -- config.toml says it all


def test_the_shipped_file_says_what_holds_without_it() -> None:
    assert (
        load(str(ROOT / "config.toml"), store="sqlite:////x.db", environ={}).policy
        == load(None, store="sqlite:////x.db", environ={"XDG_CONFIG_HOME": "/nowhere"}).policy
    )


TABLES: dict[str, type] = {
    "[[articles]]": ArticleEntry,
    "[[sources]]": SourceEntry,
    "[[sites]]": SiteEntry,
    "[email]": EmailPolicy,
    "[[channels]]": ChannelPolicy,
    "[[rules]]": RulePolicy,
}


def test_every_key_stands_in_the_shipped_file() -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    written = {line.lstrip("# ").split(" ")[0].split("=")[0] for line in text.splitlines()}

    for table, cls in (*((f"[{f.name}]", f) for f in fields(Policy) if _is_table(f)), *TABLES.items()):
        assert table in written, f"{table} is not in config.toml"
        for key in _keys(cls):
            assert key in written, f"{table} {key} is not in config.toml"


def _is_table(field: Any) -> bool:
    return field.default is not MISSING and is_dataclass(field.default)


def _keys(cls: Any) -> list[str]:
    names = [f.name for f in fields(cls if isinstance(cls, type) else type(cls.default))]
    written = {"sender": "from", "password": "password_env", "secret": "secret_env"}
    return [written.get(name, name) for name in names]
