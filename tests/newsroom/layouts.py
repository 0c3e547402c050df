"""The layouts of the newsroom, each built as some kind of real site is."""

# ruff: noqa: E501  # markup reads better in one piece

from collections.abc import Callable
from dataclasses import dataclass

from tests.newsroom.sheet import Dressing, Sheet
from tests.newsroom.story import HEADING, ITEM, PARAGRAPH, PICTURE, QUOTE, Language, Story, write

Render = Callable[[Story, Dressing], str]


@dataclass(frozen=True, slots=True)
class Layout:
    """`shapes` are what the story has in it there (see `write`); `shows` the fields that its page shows."""

    name: str
    render: Render
    shapes: frozenset[str]
    shows: frozenset[str]

    def story(self, language: Language) -> Story:
        return write(language, self.shapes)

    def bytes(self, story: Story, dress: Dressing | None = None) -> bytes:
        dress = dress or Dressing()
        return self.render(story, dress).encode(dress.charset, "xmlcharrefreplace")


LAYOUTS: list[Layout] = []
ALL = frozenset(("headline", "standfirst", "byline", "caption"))


def layout(*shapes: str, lacks: str = "") -> Callable[[Render], Render]:
    """Puts the function that follows among the layouts."""

    def add(render: Render) -> Render:
        name = getattr(render, "__name__", "")
        LAYOUTS.append(Layout(name, render, frozenset(shapes), ALL - set(lacks.split())))
        return render

    return add


@layout("list")
def semantic(story: Story, dress: Dressing) -> str:
    """HTML5 as it is taught: article, header, section, aside."""
    s = Sheet(story, dress)
    return s.page(
        s.head(linked_data=True),
        f"""{s.site_head()}<main><article{s.a("story")}><header><h1>{s.t(story.headline)}</h1>{s.marker()}
<p{s.a("standfirst")}>{s.t(story.standfirst)}</p><div{s.a("meta")}>{s.byline()} {s.stamp()}</div>{s.slot("meta")}</header>
{s.figure(story.caption)}<section{s.a("story-body")}>{"".join(s.body())}</section>{s.after()}</article></main>
<aside{s.a("sidebar")}>{s.side()}</aside>""",
    )


@layout("gallery")
def div_soup(story: Story, dress: Dressing) -> str:
    """Nothing but div and span; paragraphs are p, captions a div."""
    s = Sheet(story, dress, forms={PICTURE: '<div{a}>{i}<div class="caption">{t}</div></div>'})
    return s.page(
        s.head(linked_data=True),
        f"""{s.site_head()}<div{s.a("wrap")}><div{s.a("col-left")}><div{s.a("title")}><h1>{s.t(story.headline)}</h1></div>
{s.marker()}<div{s.a("subtitle")}>{s.t(story.standfirst)}</div><div{s.a("info")}>{s.byline()} <span>{s.stamp()}</span></div>
{s.slot("meta")}{s.figure(story.caption)}<div{s.a("text-content")}>{"".join(s.body())}</div>{s.after()}</div>
<div{s.a("col-right")}>{s.side()}</div></div>""",
    )


@layout("list")
def hashed(story: Story, dress: Dressing) -> str:
    """Class names made by a build tool; the standfirst a div, the body a div in a section."""
    s = Sheet(story, dress, names="hashed")
    return s.page(
        s.head(linked_data=True),
        f"""<div id="root">{s.site_head()}<main{s.a("main")}><article{s.a("article")}><div{s.a("header")}><h1{s.a("heading")}>
{s.t(story.headline)}</h1>{s.marker()}<div{s.a("dek")}>{s.t(story.standfirst)}</div>
<div{s.a("author-line")}>{s.byline()}</div><div>{s.stamp()}</div>{s.slot("meta")}</div>{s.figure(story.caption)}
<section{s.a("body-text")}><div>{"".join(s.body())}</div></section>{s.after()}</article></main>
<div{s.a("rail-grid")}>{s.side()}</div></div>""",
    )


@layout("gallery", "table")
def module_names(story: Story, dress: Dressing) -> str:
    """Class names with a hash at their end, everything inside main, section, div and div."""
    s = Sheet(story, dress, names="module")
    return s.page(
        s.head(linked_data=True),
        f"""<div{s.a("layout")}>{s.site_head()}<main><section><div><div{s.a("article-content")}>
<h1{s.a("headline")}>{s.t(story.headline)}</h1>{s.marker()}<h2{s.a("summary")}>{s.t(story.standfirst)}</h2>
<div{s.a("details")}>{s.byline()}{s.stamp()}</div>{s.slot("meta")}{s.figure(story.caption)}
<div{s.a("rich-text")}>{"".join(s.body())}</div>{s.after()}</div></div></section></main><div{s.a("aside")}>{s.side()}</div></div>""",
    )


@layout("gallery")
def agency(story: Story, dress: Dressing) -> str:
    """A wire agency's: every paragraph a block of its own with a type."""
    block = '<div class="article__block" data-type="text"><div class="article__text">{t}</div></div>\n'
    forms = {
        PARAGRAPH: block,
        HEADING: '<div class="article__block" data-type="h3"><h3 class="article__h2">{t}</h3></div>\n',
        QUOTE: '<div class="article__block" data-type="quote"><blockquote>{t}</blockquote></div>\n',
        PICTURE: '<div class="article__block" data-type="media"><div class="media">{i}<div class="media__description">'
        '<figure><figcaption class="caption">{t}</figcaption></figure></div></div></div>\n',
    }
    s = Sheet(story, dress, forms=forms)
    return s.page(
        s.head(linked_data=False),
        f"""{s.site_head()}<div class="article"><div class="article__header"><div class="article__info">{s.stamp()}</div>
<h1 class="article__title">{s.t(story.headline)}</h1>{s.marker()}{s.byline()}{s.slot("meta")}
<div class="article__announce-media">{s.figure(story.caption)}</div>
<div class="article__announce-text">{s.t(story.standfirst)}</div></div>
<div class="article__body">{"".join(s.body())}</div>{s.after()}</div><div{s.a("sidebar")}>{s.side()}</div>""",
    )


@layout("plain", lacks="standfirst")
def tables(story: Story, dress: Dressing) -> str:
    """A page of the 2000s laid out by tables, with the text in a cell."""
    s = Sheet(
        story,
        dress,
        forms={PICTURE: '<table{a} align="right"><tr><td>{i}</td></tr><tr><td class="caption">{t}</td></tr></table>'},
    )
    return s.page(
        s.head(linked_data=False),
        f"""{s.slot("top")}<table width="980"><tr><td colspan="2"><b>The Skerry</b></td></tr><tr><td valign="top" width="680">
<h1>{s.t(story.headline)}</h1>{s.marker()}<font size="1">{s.byline()} | {s.stamp()}</font>{s.slot("meta")}
{s.figure(story.caption)}<div>{"".join(s.body())}</div>{s.after()}</td><td valign="top">{s.side()}</td></tr></table>""",
    )


@layout("plain", lacks="standfirst")
def line_breaks(story: Story, dress: Dressing) -> str:
    """No paragraphs at all: text in one div, parted by line breaks."""
    s = Sheet(story, dress, forms={PARAGRAPH: "{t}<br><br>\n"})
    return s.page(
        s.head(linked_data=False),
        f"""{s.site_head()}<div id="content"><h1>{s.t(story.headline)}</h1>{s.marker()}<div{s.a("date")}>{s.stamp()}</div>
<div>{s.byline()}</div>{s.slot("meta")}{s.figure(story.caption)}<div{s.a("news-text")}>{"".join(s.body())}</div>{s.after()}</div>
<div{s.a("sidebar")}>{s.side()}</div>""",
    )


@layout("gallery")
def two_containers(story: Story, dress: Dressing) -> str:
    """The body in two containers, with an advertisement between them."""
    s = Sheet(story, dress)
    pieces = s.body()
    half = len(pieces) // 2
    advert = f"<div{s.a('ad-slot')}><span>{s.t(story.language.page['advert'])}</span></div>"
    return s.page(
        s.head(linked_data=True),
        f"""{s.site_head()}<main><article><div{s.a("header")}><h1>{s.t(story.headline)}</h1>{s.marker()}
<p{s.a("dek")}>{s.t(story.standfirst)}</p>{s.byline()}{s.stamp()}{s.slot("meta")}</div>{s.figure(story.caption)}
<div{s.a("body-chunk")}>{"".join(pieces[:half])}</div>{advert}<div{s.a("body-chunk")}>{"".join(pieces[half:])}</div>
{s.after()}</article></main><aside{s.a("sidebar")}>{s.side()}</aside>""",
    )


@layout("list")
def streamed(story: Story, dress: Dressing) -> str:
    """Sent in pieces: the article waits in a hidden part until a script shows it."""
    s = Sheet(story, dress)
    return s.page(
        s.head(linked_data=True),
        f"""<div id="app">{s.site_head()}<template id="B:0"></template></div><div hidden id="S:0"><article{s.a("article")}>
<h1>{s.t(story.headline)}</h1>{s.marker()}<p{s.a("lead")}>{s.t(story.standfirst)}</p><div>{s.byline()} {s.stamp()}</div>
{s.slot("meta")}{s.figure(story.caption)}<div{s.a("article-body")}>{"".join(s.body())}</div>{s.after()}</article></div>
<script>show("B:0","S:0")</script><div{s.a("sidebar")}>{s.side()}</div>""",
    )


@layout("list", "questions")
def explainer(story: Story, dress: Dressing) -> str:
    """Questions as headings, lists as answers; the standfirst is a paragraph of the header."""
    s = Sheet(story, dress, forms={HEADING: "<h3{a}><strong>{t}</strong></h3>\n", "list": "<ol{a}>{t}</ol>\n"})
    return s.page(
        s.head(linked_data=True),
        f"""{s.site_head()}<main><div{s.a("content")}><header><h1>{s.t(story.headline)}</h1>{s.marker()}
<p{s.a("intro")}>{s.t(story.standfirst)}</p>{s.byline()}{s.stamp()}{s.slot("meta")}</header>{s.figure(story.caption)}
<div{s.a("post-content")}>{"".join(s.body())}</div>{s.after()}</div></main><aside>{s.side()}</aside>""",
    )


@layout("table")
def table_inside(story: Story, dress: Dressing) -> str:
    """An article tag with a table of figures among its paragraphs; the byline stands above the headline."""
    s = Sheet(story, dress)
    return s.page(
        s.head(linked_data=False),
        f"""{s.site_head()}<article{s.a("post")}>{s.byline("div")}<h1>{s.t(story.headline)}</h1>{s.marker()}
<p{s.a("excerpt")}>{s.t(story.standfirst)}</p><div>{s.stamp()}</div>{s.slot("meta")}{s.figure(story.caption)}
<div{s.a("entry-content")}>{"".join(s.body())}</div>{s.after()}</article><div{s.a("widgets")}>{s.side()}</div>""",
    )


@layout("gallery", lacks="standfirst")
def amp(story: Story, dress: Dressing) -> str:
    """The fast form for phones: its own elements for pictures, the standfirst in the metadata only."""
    forms = {
        PICTURE: '<figure{a}><amp-img src="{s}" width="4" height="3"></amp-img><figcaption>{t}</figcaption></figure>'
    }
    s = Sheet(story, dress, forms=forms)
    return s.page(
        s.head(linked_data=True),
        f"""{s.slot("top")}<amp-sidebar id="m" hidden><ul><li><a href="/">The Skerry</a></li></ul></amp-sidebar><main><article>
<h1{s.a("amp-title")}>{s.t(story.headline)}</h1>{s.marker()}<div{s.a("amp-meta")}>{s.byline()} {s.stamp()}</div>{s.slot("meta")}
{s.figure(story.caption)}<div{s.a("amp-content")}>{"".join(s.body())}</div>{s.after()}</article></main>
<amp-list>{s.side()}</amp-list>""",
    )


@layout("list")
def elements(story: Story, dress: Dressing) -> str:
    """Custom elements all the way down."""
    s = Sheet(story, dress, forms={QUOTE: "<news-quote><blockquote{a}>{t}</blockquote></news-quote>\n"})
    return s.page(
        s.head(linked_data=True),
        f"""<news-app><news-header>{s.site_head()}</news-header><news-article><news-head><h1>{s.t(story.headline)}</h1>
{s.marker()}<p{s.a("standfirst")}>{s.t(story.standfirst)}</p>{s.byline()}{s.stamp()}{s.slot("meta")}</news-head>
<news-figure>{s.figure(story.caption)}</news-figure><news-body>{"".join(s.body())}</news-body>{s.after()}</news-article>
<news-rail>{s.side()}</news-rail></news-app>""",
    )


@layout("gallery")
def div_paragraphs(story: Story, dress: Dressing) -> str:
    """Paragraphs are div, headings bold div, as some editing systems write them."""
    forms = {PARAGRAPH: "<div{a}>{t}</div>\n", HEADING: "<h4{a}>{t}</h4>\n", QUOTE: "<blockquote{a}>{t}</blockquote>\n"}
    s = Sheet(story, dress, forms=forms)
    return s.page(
        s.head(linked_data=True),
        f"""{s.site_head()}<main><div{s.a("article")}><h1>{s.t(story.headline)}</h1>{s.marker()}
<div{s.a("subtitle")}>{s.t(story.standfirst)}</div><div>{s.byline()} {s.stamp()}</div>{s.slot("meta")}
{s.figure(story.caption)}<div{s.a("article-text")}>{"".join(s.body())}</div>{s.after()}</div></main>
<div{s.a("right")}>{s.side()}</div>""",
    )


@layout("list")
def microdata(story: Story, dress: Dressing) -> str:
    """schema.org in attributes, no linked data; the byline a paragraph of its own."""
    s = Sheet(story, dress)
    return s.page(
        s.head(linked_data=False),
        f"""{s.site_head()}<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{s.t(story.headline)}
</h1>{s.marker()}<p itemprop="description"{s.a("summary")}>{s.t(story.standfirst)}</p><div>{s.stamp()}</div>{s.slot("meta")}
{s.byline("p")}{s.figure(story.caption)}<div itemprop="articleBody"{s.a("main-text")}>{"".join(s.body())}</div>
{s.after()}</div><div{s.a("sidebar")}>{s.side()}</div>""",
    )


@layout("table", "list")
def sections(story: Story, dress: Dressing) -> str:
    """Each part of the body in a section of its own, as page builders write it."""
    forms = {
        PARAGRAPH: '<section class="block block--text"><div><p{a}>{t}</p></div></section>\n',
        HEADING: '<section class="block block--heading"><div><h2{a}>{t}</h2></div></section>\n',
        ITEM: "<li{a}><p>{t}</p></li>",
    }
    s = Sheet(story, dress, forms=forms)
    return s.page(
        s.head(linked_data=True),
        f"""{s.site_head()}<main id="main"><div{s.a("hero")}><h1>{s.t(story.headline)}</h1>{s.marker()}
<p{s.a("lede")}>{s.t(story.standfirst)}</p></div><div{s.a("meta-row")}>{s.byline()}{s.stamp()}{s.slot("meta")}</div>
{s.figure(story.caption)}<div{s.a("blocks")}>{"".join(s.body())}</div>{s.after()}</main><aside>{s.side()}</aside>""",
    )
