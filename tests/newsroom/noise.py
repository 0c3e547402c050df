"""What befalls a page while its story stays as it is: a dressing before and one after."""

# ruff: noqa: E501  # markup reads better in one piece

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from tests.newsroom.sheet import Dressing
from tests.newsroom.story import Language

Two = tuple[Dressing, Dressing]
Noise = Callable[["Chance"], Two]
NOISE: dict[str, Noise] = {}

PLAIN = Dressing()


class Chance:
    """The dice of one pair, and the words that it draws from."""

    def __init__(self, language: Language, seed: str) -> None:
        self.words: Mapping[str, Any] = language.page
        self.dice = Random(seed)

    def n(self, most: int = 59) -> int:
        return self.dice.randint(2, most)

    def counted(self, key: str, most: int = 59) -> str:
        return str(self.words[key]).format(n=self.n(most))

    def other(self) -> str:
        return str(self.dice.choice(self.words["others"]))

    def teaser(self) -> str:
        return str(self.dice.choice(self.words["teasers"]))

    def link(self) -> str:
        return f'<a href="/x/{self.dice.randrange(10**6)}">{self.other()}</a>'

    def links(self, count: int = 3) -> str:
        texts = self.dice.sample(self.words["others"], count)
        return "".join(f'<li><a href="/x/{self.dice.randrange(10**6)}">{text}</a></li>' for text in texts)


def noise(make: Noise) -> Noise:
    NOISE[getattr(make, "__name__", "")] = make
    return make


def dressed(kind: str, language: Language, seed: str) -> Two:
    return NOISE[kind](Chance(language, f"{seed}/{kind}"))


def _twice(slot: str, markup: Callable[[], str]) -> Two:
    """Another one at each fetch."""
    return PLAIN.putting(slot, markup()), PLAIN.putting(slot, markup())


def _new(slot: str, markup: str) -> Two:
    """There at the second fetch only."""
    return PLAIN, PLAIN.putting(slot, markup)


# -- advertisements


@noise
def advert_in_slot(c: Chance) -> Two:
    def markup() -> str:
        number = c.dice.randrange(10**8)
        label = f'<span class="ad-label">{c.words["advert"]}</span>'
        return f'<div class="ad-slot" id="div-gpt-ad-{number}">{label}<a href="https://ads.example/{number}"><p>{c.words["offer"]}</p></a></div>'

    return _twice("mid", markup)


@noise
def advert_label_alone(c: Chance) -> Two:
    before, after = _new("mid", f"<div><p>{c.words['advert']}</p></div>")
    return before, after.putting("late", f"<p>{c.words['advert']}</p>")


@noise
def advert_between(c: Chance) -> Two:
    return _new("late", f'<div class="advert" data-ad="{c.n()}"><p>{c.words["offer"]}</p></div>')


# -- other stories


@noise
def related_inside(c: Chance) -> Two:
    return _twice("mid", lambda: f'<aside class="related"><h4>{c.words["related"]}</h4><ul>{c.links()}</ul></aside>')


@noise
def related_inside_new(c: Chance) -> Two:
    return _new("late", f'<div class="related-stories"><h3>{c.words["related"]}</h3><ul>{c.links()}</ul></div>')


@noise
def read_more_paragraph(c: Chance) -> Two:
    return _twice("mid", lambda: f"<p><strong>{c.words['more']} {c.link()}</strong></p>")


@noise
def related_at_the_end(c: Chance) -> Two:
    def markup() -> str:
        items = "".join(f"<li>{c.link()}<p>{c.teaser()}</p></li>" for _ in range(3))
        return f'<div class="related-articles"><h3>{c.words["related"]}</h3><ul>{items}</ul></div>'

    return _twice("outside", markup)


@noise
def link_list_at_the_end(c: Chance) -> Two:
    return _twice("tail", lambda: f"<ul>{c.links(4)}</ul>")


@noise
def most_read(c: Chance) -> Two:
    return _twice(
        "side", lambda: f'<section class="trending"><h3>{c.words["most_read"]}</h3><ol>{c.links(5)}</ol></section>'
    )


@noise
def next_article(c: Chance) -> Two:
    def markup() -> str:
        return f'<article class="next-article"><h2>{c.link()}</h2><p>{c.teaser()}</p><p>{c.words["comment"][0]}</p></article>'

    return _twice("outside", markup)


@noise
def ticker(c: Chance) -> Two:
    def markup() -> str:
        return f'<div class="breaking-bar">{c.link()}</div><div class="ticker">DAX {c.n(99)}.{c.n(99)} · EUR {c.n(99)}</div>'

    return _twice("top", markup)


# -- counters and clocks


@noise
def counters(c: Chance) -> Two:
    def markup() -> str:
        spans = "".join(f"<span>{c.counted(key, 900)}</span> " for key in ("views", "shares", "comments"))
        return f'<div class="article-stats">{spans}</div>'

    return _twice("meta", markup)


@noise
def share_bar(c: Chance) -> Two:
    return _twice("tail", lambda: f'<div class="social"><button>{c.counted("shares", 900)}</button></div>')


@noise
def relative_time(c: Chance) -> Two:
    before, after = _twice("meta", lambda: f'<div class="when"><span>{c.counted("ago")}</span></div>')
    ticking = [f"<ul><li><span>{c.counted('ago')}</span> {c.link()}</li></ul>" for _ in "ab"]
    return before.putting("side", ticking[0]), after.putting("side", ticking[1])


# -- how the page is made


@noise
def tokens(c: Chance) -> Two:
    return replace(PLAIN, token=f"{c.dice.randrange(16**8):08x}"), replace(
        PLAIN, token=f"{c.dice.randrange(16**8):08x}"
    )


@noise
def class_hashes(c: Chance) -> Two:
    return replace(PLAIN, salt=f"s{c.dice.randrange(10**6)}"), replace(PLAIN, salt=f"t{c.dice.randrange(10**6)}")


@noise
def attribute_order(c: Chance) -> Two:
    return PLAIN, replace(PLAIN, turned=True)


@noise
def character_references(c: Chance) -> Two:
    return PLAIN, replace(PLAIN, entities=True)


@noise
def invisible_characters(c: Chance) -> Two:
    return PLAIN, replace(PLAIN, spaces=True)


@noise
def picture_addresses(c: Chance) -> Two:
    return PLAIN, replace(PLAIN, pictures=f"{c.dice.randrange(16**6):06x}")


@noise
def wrapped_paragraphs(c: Chance) -> Two:
    return PLAIN, replace(PLAIN, wrapped=True)


@noise
def boxes_in_another_order(c: Chance) -> Two:
    return PLAIN, replace(PLAIN, boxes=True)


@noise
def another_charset(c: Chance) -> Two:
    """The same text in another encoding, declared rightly: letters that it lacks come as character references."""
    return PLAIN, replace(PLAIN, charset=c.dice.choice(("windows-1252", "windows-1251", "shift_jis", "gb18030")))


# -- boxes of the house


@noise
def cookie_banner(c: Chance) -> Two:
    banner = f'<div id="consent-banner" role="dialog" class="cookie-consent"><p>{c.words["cookie"]}</p><button>OK</button></div>'
    return _new(c.dice.choice(("top", "end")), banner)


@noise
def newsletter(c: Chance) -> Two:
    form = '<form><input type="email"><button>OK</button></form>'
    return _new("mid", f'<div class="newsletter-signup"><p>{c.words["newsletter"]}</p>{form}</div>')


@noise
def comments(c: Chance) -> Two:
    def markup(count: int) -> str:
        ago = f"<span>{c.counted('ago')}</span>"
        items = "".join(f"<li>user{c.n()} {ago}<p>{c.words['comment'][n]}</p></li>" for n in range(count))
        return f'<section id="comments" class="comments"><h2>{c.counted("comments")}</h2><ol>{items}</ol></section>'

    return PLAIN.putting("outside", markup(1)), PLAIN.putting("outside", markup(2))


@noise
def metering(c: Chance) -> Two:
    one, other = (str(c.words["meter"]).format(n=n) for n in (2, 3))
    box = '<div class="meter-box"><p>{}</p></div>'
    return PLAIN.putting("tail", box.format(one)), PLAIN.putting("tail", box.format(other))


@noise
def video_box(c: Chance) -> Two:
    def markup() -> str:
        return f'<div class="video-player"><p>{c.words["video"]}</p><span>0:00 / {c.n(9)}:{c.n() + 10}</span><div class="up-next">{c.link()}</div></div>'

    return _twice("late", markup)


@noise
def promotion(c: Chance) -> Two:
    return _new("tail", f"<p><em>{c.words['promo']}</em></p>")


# -- the same without names that tell: what a build tool calls them says nothing


@noise
def unnamed_related(c: Chance) -> Two:
    def markup() -> str:
        return f'<div class="css-{c.n()}a1x"><h3>{c.words["related"]}</h3><ul>{c.links()}</ul></div>'

    return _twice("late", markup)


@noise
def unnamed_newsletter(c: Chance) -> Two:
    form = '<form><input type="email"><button>OK</button></form>'
    return _new("mid", f'<div class="css-1k9x2z"><p>{c.words["newsletter"]}</p>{form}</div>')


@noise
def unnamed_counters(c: Chance) -> Two:
    return _twice("tail", lambda: f"<p>{c.counted('views', 900)} · {c.counted('comments', 900)}</p>")


@noise
def unnamed_relative_time(c: Chance) -> Two:
    return _twice("mid", lambda: f"<p>{c.counted('ago')}</p>")


@noise
def unnamed_metering(c: Chance) -> Two:
    one, other = (str(c.words["meter"]).format(n=n) for n in (2, 3))
    return PLAIN.putting("tail", f"<p><strong>{one}</strong></p>"), PLAIN.putting(
        "tail", f"<p><strong>{other}</strong></p>"
    )


@noise
def unnamed_teasers_at_the_end(c: Chance) -> Two:
    def markup() -> str:
        items = "".join(
            f'<div><a href="/x/{c.n()}"><h3>{c.other()}</h3><p>{c.teaser()}</p></a></div>' for _ in range(3)
        )
        return f'<div class="css-7fj2k1"><h2>{c.words["related"]}</h2>{items}</div>'

    return _twice("outside", markup)
