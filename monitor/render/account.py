"""All that a page says of one change: its meaning, its window, the publisher's clock, witnesses, facts and marks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from markupsafe import Markup

from monitor.core.article import Claim, ClaimKind, ClaimSource, Content, Declaration, Field
from monitor.core.corrections import NO_NOTES, Notes
from monitor.core.diff import Edit, is_cosmetic, stats
from monitor.core.facts import facts
from monitor.core.lifecycle import ChangeState
from monitor.core.text import printable
from monitor.render.fragment import html_fragment
from monitor.render.passages import fact_lines
from monitor.render.sentences import (
    certainty,
    meaning,
    notes_told,
    publisher_says,
    source_name,
    span,
    steps,
    window,
    witnesses,
)
from monitor.store import StoredChange

WORDS_MAX = 200
"""Characters of a publisher's stamp."""

FACT_WIDTH = 300
"""Characters of each side of a fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What all parts of a page share. `made_at` is when it was made (aware UTC), `language` that of the article."""

    made_at: datetime
    program: str
    tz: tzinfo = UTC
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What there is to say of a change, recorded or worked out now. `window` is None where none can be claimed, `live`
    is the live marker before and after, `steps` are the changes that it is made of, where there are several."""

    declaration: Declaration | None
    claims_moved: Sequence[ClaimSource]
    claims_still: Sequence[ClaimSource]
    old_claims: Sequence[Claim]
    new_claims: Sequence[Claim]
    fields: Sequence[Field]
    live: tuple[bool, bool] = (False, False)
    window: tuple[datetime, datetime] | None = None
    state: ChangeState = ChangeState.CONFIRMED
    announced_late_by: timedelta | None = None
    steps: Sequence[StoredChange] = ()
    notes: Notes = NO_NOTES

    @classmethod
    def recorded(cls, change: StoredChange, *, live: tuple[bool, bool], notes: Notes = NO_NOTES) -> "Account":
        return cls(
            declaration=change.declaration,
            claims_moved=change.claims_moved,
            claims_still=change.claims_still,
            old_claims=change.old_claims,
            new_claims=change.new_claims,
            fields=change.fields,
            live=live,
            window=(change.not_before, change.not_after),
            state=change.state,
            announced_late_by=change.announced_late_by,
            notes=notes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An account as a page shows it. `diff` is HTML, "" where no text changed."""

    declaration: Declaration | None
    meaning: str
    lines: Sequence[tuple[str, str]]
    evidence: Sequence["Evidence"]
    facts: Sequence[str]
    diff: Markup


def told(account: Account, edits: Sequence[Edit], page: Imprint, *, unfolded: bool = False) -> Told:
    """One change in words, facts and marks. `unfolded`: its unchanged paragraphs can be opened."""
    seen = evidence(account)
    return Told(
        declaration=account.declaration,
        meaning=meaning(account.declaration),
        lines=[(label, words) for label, words in _lines(account, edits, page.tz) if words],
        # What one source says, the lines say too.
        evidence=seen if len(seen) > 1 else (),
        facts=fact_lines(facts(edits), FACT_WIDTH),
        diff=Markup(html_fragment(edits, language=page.language, unfolded=unfolded)),  # noqa: S704  # a template's
    )


def _lines(account: Account, edits: Sequence[Edit], tz: tzinfo) -> Iterator[tuple[str, str]]:
    late = account.announced_late_by
    yield "Changed", window(*account.window, tz) if account.window else ""
    yield "In between", steps(account.steps)
    yield "Publisher", _publisher(account, tz)
    yield "Witnesses", witnesses(account.claims_moved, account.claims_still, account.new_claims, tz)
    yield "Late", f"the publisher's time followed {span(late)} later" if late is not None else ""
    yield "State", certainty(account.state)
    yield "Notes", " ".join(notes_told(account.notes, account.declaration))
    yield "Live marker", _MARKER.get(account.live, "")
    yield "Fields", ", ".join(account.fields)
    yield "Words", _words(edits)


def _publisher(account: Account, tz: tzinfo) -> str:
    # Which of the claims is the publisher's word is Content's to say.
    old, new = Content(url="", claims=tuple(account.old_claims)), Content(url="", claims=tuple(account.new_claims))
    says = publisher_says(new.claimed_updated_raw, new.claimed_updated_at, old.claimed_updated_at, tz)
    return says and f"says {says}"


_MARKER = {(False, True): "put on", (True, False): "taken off"}


def _words(edits: Sequence[Edit]) -> str:
    if is_cosmetic(edits):
        return "no word differs"
    counts = stats(edits)
    if not counts.words_added and not counts.words_removed:
        return ""
    return f"{counts.words_added} added, {counts.words_removed} removed"


# -- the witnesses


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one source of the publisher said before and after, and what that is worth."""

    source: str
    before: str
    after: str
    verdict: str


def evidence(account: Account) -> list[Evidence]:
    """The publisher's claims of an update, a row a source; of the publication too, where that changed."""
    rows = _evidence_of(ClaimKind.UPDATED, account)
    return [*rows, *_evidence_of(ClaimKind.PUBLISHED, account)] if Field.PUBLISHED in account.fields else rows


def _evidence_of(kind: ClaimKind, account: Account) -> list[Evidence]:
    before, after = _by_source(kind, account.old_claims), _by_source(kind, account.new_claims)
    return [
        Evidence(
            source=source_name(source).removeprefix("the ") + (", published" if kind is ClaimKind.PUBLISHED else ""),
            before=quoted(before.get(source)),
            after=quoted(after.get(source)),
            verdict=_verdict(account, before.get(source), after.get(source)),
        )
        for source in dict.fromkeys((*after, *before))
    ]


def _by_source(kind: ClaimKind, claims: Iterable[Claim]) -> dict[ClaimSource, Claim]:
    found: dict[ClaimSource, Claim] = {}
    for claim in claims:
        if claim.kind is kind:
            found.setdefault(claim.source, claim)
    return found


def _verdict(account: Account, before: Claim | None, after: Claim | None) -> str:
    claim = after or before
    assert claim is not None
    if claim.kind is ClaimKind.PUBLISHED:
        return "no witness" if before and after and before.at == after.at else "differs"
    if claim.source in account.claims_moved:
        return "moved"
    if claim.source in account.claims_still:
        return "stood still"
    return "no witness" if claim.believed else f"not believed: {doubt_of(claim)}"


def quoted(claim: Claim | None) -> str:
    """The publisher's words, or a dash."""
    return f"“{printable(claim.raw, WORDS_MAX)}”" if claim else "–"


def doubt_of(claim: Claim) -> str:
    """Why a claim is not believed."""
    return _DOUBTS.get(claim.doubt or "", "it gives no instant")


_DOUBTS = {
    "relative": "it is relative to the moment of looking",
    "dynamic": "it moves by itself",
    "future": "it lies in the future",
    "before_published": "it lies before the publication",
    "transport": "it is the server's clock, not the newsroom's",
    "same_as_published": "it only repeats the publication",
    "conflict": "two sources contradict each other",
    "unparsed": "it could not be read as a time",
}
