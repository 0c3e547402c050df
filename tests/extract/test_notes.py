"""Correction notes: where newsrooms put them, and what only looks like one."""

# ruff: noqa: E501  # markup reads better in one piece

import json

import pytest

from monitor.core.article import Reading
from monitor.extract.read import read_page
from tests.extract.pages import PARAGRAPHS, THIRD, Story

URL = "https://skerry.example/2022/01/25/pier"
NOTE = "Correction: An earlier version of this article misstated the cost of the repairs. It is nine million, not six."
BARE = "The repairs cost nine million, not six million as was stated here at first."


def corrections(page: Story) -> tuple[str, ...]:
    reading = read_page(page.bytes(), URL)
    assert isinstance(reading, Reading)
    return reading.content.corrections


@pytest.mark.parametrize(
    "page",
    [
        Story(after=f"<p><em>{NOTE}</em></p>"),
        Story(paragraphs=(*PARAGRAPHS, NOTE)),
        Story(after=f'<aside class="footnote"><p><i>{NOTE}</i></p></aside>'),
        Story(after=f'<aside class="related-note"><p>{NOTE}</p></aside>'.replace("related-", "")),
        Story(after=f'<footer class="article-footer"><p>{NOTE}</p></footer>'),
        Story(after=f"<section><div><p>{NOTE}</p></div></section>"),
        Story(under_headline=f'<div class="editors-note"><p>{NOTE}</p></div>'),
        Story(after=f'<ul class="notes"><li>{NOTE}</li></ul>'),
    ],
)
def test_a_note_is_found_where_newsrooms_put_it(page: Story) -> None:
    assert corrections(page) == (NOTE,)


@pytest.mark.parametrize(
    "heading", ["<h4>Correction</h4>", "<p><strong>Corrections:</strong></p>", "<h3>Rättelse</h3>"]
)
def test_what_stands_under_a_heading_that_says_so_is_a_note(heading: str) -> None:
    assert corrections(Story(after=f'<div class="box">{heading}<p>{BARE}</p></div>')) == (BARE,)


@pytest.mark.parametrize(
    "page",
    [
        Story(after='<nav><a href="/corrections">Corrections and Clarifications</a></nav>'),
        Story(beside='<footer><ul><li><a href="/corrections">Corrections: see them all on one page</a></li></ul></footer>'),
        Story(beside="<footer><p>Corrections: our editors decide within a day and print what was wrong.</p></footer>"),
        Story(after="<p>Correction: if you have spotted an error in this story, tell the desk by telephone.</p>"),
        Story(after=f'<section id="comments"><ol><li class="comment"><p>{NOTE}</p></li></ol></section>'),
        Story(after=f'<aside class="most-read"><ol><li><a href="/b">Slipway vote</a><p>{NOTE}</p></li></ol></aside>'),
        Story(after=f'<aside class="related"><h3>Related</h3><ul><li><a href="/b">Slipway vote</a><p>{NOTE}</p></li></ul></aside>'),
        Story(beside=f'<article class="next"><h2>Slipway vote put off</h2><p>{THIRD}</p><p>{NOTE}</p></article>'),
        Story(after="<h4>Correction</h4>"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_note_is_none(page: Story) -> None:
    assert corrections(page) == ()


def declaring(value: object) -> Story:
    article = {"@type": "NewsArticle", "headline": "Pier", "correction": value}
    return Story(head=f'<script type="application/ld+json">{json.dumps(article)}</script>')


@pytest.mark.parametrize(
    ("value", "notes"),
    [
        (NOTE, (NOTE,)),
        ({"@type": "CorrectionComment", "text": NOTE, "datePublished": "2022-01-26"}, (NOTE,)),
        ([{"@type": "CorrectionComment", "text": f"<p>{NOTE}</p>"}, {"@type": "CorrectionComment", "text": BARE}], (NOTE, BARE)),
        ({"@type": "CorrectionComment", "text": "", "name": "Correction"}, ()),
        ([{"@type": "CorrectionComment"}, "", None], ()),
        ("https://skerry.example/corrections", ()),
        ([[[[[[[[NOTE]]]]]]]], ()),
    ],
)  # fmt: skip
def test_schema_orgs_correction_is_read(value: object, notes: tuple[str, ...]) -> None:
    assert corrections(declaring(value)) == notes


def test_a_note_both_printed_and_declared_is_one() -> None:
    page = declaring(f"<b>{NOTE}</b>")
    page.after = f"<p>• {NOTE}</p>"

    assert corrections(page) == (f"• {NOTE}",)


@pytest.mark.parametrize(
    "note",
    [
        "Korrektur: In einer früheren Fassung stand, die Reparatur koste sechs Millionen.",
        "Rectificatif : le montant des réparations est de neuf millions.",
        "Corrección: una versión anterior daba seis millones como coste de la obra.",
        "Исправление: в первоначальной версии была указана другая сумма ремонта.",
        "訂正：修理の費用を六億円としていましたが、正しくは九億円です。",
        "Oikaisu: korjausten hinta on yhdeksän miljoonaa, ei kuusi.",
        "תיקון: בגרסה קודמת של הכתבה נכתב שהתיקונים יעלו שישה מיליון.",
        "בגרסה קודמת של הכתבה נכתב שהתיקונים יעלו שישה מיליון.",
        "اصلاحیه: هزینه تعمیرات نه میلیون است، نه شش میلیون.",
        "در نسخه پیشین این گزارش هزینه تعمیرات شش میلیون آمده بود.",
        "भूल सुधार: मरम्मत पर नब्बे लाख खर्च होंगे, साठ लाख नहीं।",
        "इस लेख के पिछले संस्करण में मरम्मत का खर्च साठ लाख बताया गया था।",
        "সংশোধনী: মেরামতে নব্বই লাখ খরচ হবে, ষাট লাখ নয়।",
        "এই প্রতিবেদনের আগের সংস্করণে মেরামতের খরচ ষাট লাখ বলা হয়েছিল।",
        "แก้ไขข่าว: ค่าซ่อมแซมเท่ากับเก้าล้าน ไม่ใช่หกล้าน",
        "หมายเหตุบรรณาธิการ: ค่าซ่อมแซมเท่ากับเก้าล้าน ไม่ใช่หกล้าน",
        "Đính chính: chi phí sửa chữa là chín triệu, không phải sáu triệu.",
        "Bản trước của bài viết này ghi chi phí sửa chữa là sáu triệu.",
    ],
)
def test_notes_are_known_in_other_languages(note: str) -> None:
    assert corrections(Story(after=f"<p>{note}</p>")) == (note,)


@pytest.mark.parametrize(
    "text",
    [
        "תיקון הגשר יימשך עד סוף השנה, כך אמרה דוברת העירייה לכתבים ביום שלישי.",
        "اصلاح قانون بندرها در مجلس به رأی گذاشته شد و با اکثریت کم تصویب شد.",
        "सुधार के बिना पुल बंद रहेगा, नगर परिषद की प्रवक्ता ने मंगलवार को कहा।",
        "সংশোধন ছাড়া সেতুটি খোলা হবে না, মঙ্গলবার বলেছেন পৌরসভার মুখপাত্র।",
        "แก้ไขปัญหาการจราจรบนสะพานจะใช้เวลาถึงสิ้นปี โฆษกเทศบาลกล่าวเมื่อวันอังคาร",
        "Bài toán sửa cầu đã được hội đồng thị trấn bàn suốt ba giờ hôm thứ Ba.",
    ],
)
def test_the_running_text_of_other_languages_is_no_note(text: str) -> None:
    assert corrections(Story(after=f"<p>{text}</p>")) == ()
