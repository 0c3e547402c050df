"""What we sign, verified by the JavaScript library of Standard Webhooks: another hand than that which signs."""

import json
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.fetch import guarded_client
from tests.alerts.receiver import receiving
from tests.alerts.test_channels_webhook import ALERT, KEY, LOOPBACK, OLD_KEY, hook, real_now

HERE = Path(__file__).parent / "js"


def verdicts(requests: list[dict[str, object]]) -> list[str]:
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"no node, or no packages: run 'npm install --no-package-lock' in {HERE}")
        pytest.skip(f"no node, or no packages: run 'npm install --no-package-lock' in {HERE}")
    done = subprocess.run(
        [node, HERE / "verify.js"], input=json.dumps(requests), capture_output=True, text=True, timeout=60, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


async def test_the_javascript_library_takes_what_is_ours_and_refuses_what_was_tampered_with() -> None:
    async with receiving() as receiver, guarded_client(LOOPBACK) as client:
        await hook(receiver, client, secret=f"{KEY} {OLD_KEY}").send(ALERT, real_now())
        await hook(receiver, client).send(ALERT, real_now() - timedelta(minutes=6))
        await hook(receiver, client).send(ALERT, real_now() + timedelta(minutes=6))
    now, late, early = ({"headers": dict(post.headers), "body": post.body.decode()} for post in receiver.posts)

    def other(**headers: str) -> dict[str, object]:
        return {"secret": KEY, "headers": {**now["headers"], **headers}, "body": now["body"]}  # type: ignore[dict-item]

    cases: dict[str, dict[str, object]] = {
        "the new key": {**now, "secret": KEY},
        "the old key": {**now, "secret": OLD_KEY},
        "another key": {**now, "secret": "whsec_" + "A" * 44},
        "another body": {**now, "secret": KEY, "body": str(now["body"]).replace("Kyiv", "Lviv")},
        "another id": other(**{"webhook-id": "msg_other"}),
        "another time": other(**{"webhook-timestamp": str(int(real_now().timestamp()) + 5)}),
        "no signature": other(**{"webhook-signature": "v1,AAAA"}),
        "sent long ago": {**late, "secret": KEY},
        "sent in the future": {**early, "secret": KEY},
    }
    found = dict(zip(cases, verdicts(list(cases.values())), strict=True))

    assert {name for name, verdict in found.items() if verdict == "ok"} == {"the new key", "the old key"}
    assert set(found.values()) == {"ok", "WebhookVerificationError"}
