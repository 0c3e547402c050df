# ruff: noqa: E501  # a row of a table is a line
"""Correction notes: which edit is one, and what it calls itself.

A note of its own is found where pages are read, by what it says and where it stands, and comes in a field of its own.
The words here say what a note calls itself, and find the one that is labelled inside a paragraph of the text.
"""

from collections.abc import Iterable, Iterator
from functools import cache

import regex

from monitor.core.article import FactKind, Field
from monitor.core.diff.edits import Edit
from monitor.core.diff.tokens import UNSPACED
from monitor.core.facts.fact import Fact, Notice
from monitor.core.text import fold

# What stands before the colon.
_LABELS = {
    Notice.CORRECTION: "corrections?|correction and clarification|corrections and clarifications|erratum|errata|korrektur|korrekturhinweis|berichtigung|richtigstellung"
    "|rectificatif|correctif|rectification|corrección|rectificación|fe de errores|fe de erratas|correção|retificação|erramos|correzione|rettifica|errata corrige"
    "|correctie|rectificatie|rättelse|rettelse|retting|oikaisu|korjaus|sprostowanie|korekta|oprava|исправление|поправка|виправлення|διόρθωση|επανόρθωση"
    "|helyesbítés|helyreigazítás|rectificare|erată|düzeltme|تصحيح|تصویب|تصويب|اصلاحیه|تصحیح|תיקון|תיקון טעות|सुधार|भूल सुधार|সংশোধনী|সংশোধন|訂正|おわび|お詫び|訂正とお詫び|更正|勘误|勘誤|정정|바로잡습니다|แก้ไขข่าว|แก้ไขข้อมูล|đính chính|ralat|koreksi",
    Notice.CLARIFICATION: "clarifications?|klarstellung|präzisierung|précision|mise au point|aclaración|esclarecimento|precisazione|chiarimento|verduidelijking|förtydligande|presisering|præcisering"
    "|täsmennys|wyjaśnienie|doprecyzowanie|upřesnění|spresnenie|уточнение|уточнення|роз'яснення|διευκρίνιση|pontosítás|precizare|açıklama düzeltmesi|توضيح|توضیح|הבהרה|स्पष्टीकरण|স্পষ্টীকরণ|澄清|ชี้แจง|nói rõ thêm",
    Notice.RETRACTION: "retraction|widerruf|rétractation|retractación|retratação|ritrattazione|intrekking|återkallande|опровержение|спростування|wycofanie|geri çekme|撤回|撤稿|철회|rút bài",
    Notice.EDITORS_NOTE: "editor'?s'? notes?|editors' notes?|anmerkung der redaktion|hinweis der redaktion|redaktioneller hinweis|note de la rédaction|ndlr|nota de la redacción|nota del editor|nota della redazione|ndr"
    "|nota da redação|nota do editor|noot van de redactie|redaktionens kommentar|toimituksen huomautus|od redakcji|от редакции|примечание редакции|від редакції|poznámka redakce|editörün notu|ملاحظة المحرر|ملاحظة من المحرر|توضیح سردبیر"
    "|הערת המערכת|संपादक की टिप्पणी|সম্পাদকের নোট|编者注|编者按|編者按|編集部注|編集部より|편집자 주|หมายเหตุบรรณาธิการ|lời tòa soạn",
    Notice.UPDATE: "updated?|aktualisierung|update der redaktion|mise à jour|actualización|aggiornamento|atualização|bijgewerkt|uppdatering|oppdatering|opdatering|päivitys|aktualizacja|aktualizace|обновление|оновлення|ενημέρωση|frissítés|actualizare|güncelleme|تحديث|به‌روزرسانی|עדכון|अपडेट|আপডেট|更新|追記|업데이트|อัปเดต|cập nhật",
}
# How a sentence says it: "was corrected", "a été corrigé". The beginnings of words.
_VERBS = {
    Notice.CORRECTION: "correct|amended|corrig|correg|korrig|korrektur|berichtig|gecorrigeerd|rectifi|rettificat|rättat|rättad|rettet|oikaist|korjattu|poprawion|sprostow|opraven|исправлен|виправлен|düzeltil|تصحيح|訂正|更正|정정|바로잡|แก้ไข|đính chính|सुधार|সংশোধন",
    Notice.CLARIFICATION: "clarif|klargestellt|präzisier|précis|aclara|esclarec|chiari|verduidelijk|förtydlig|presiser|præciser|уточнен|уточнён|уточнено",
    Notice.RETRACTION: "retracted|withdrawn|zurückgezogen|rétracté|retractad|retratad|ritirat|ingetrokken|отозван|відкликан|wycofan|撤回|撤稿|철회",
    Notice.UPDATE: "updated|aktualisier|mise? à jour|actualiz|actualis|aggiornat|atualizad|bijgewerkt|uppdater|oppdater|opdater|päivitetty|zaktualiz|обновлен|обновлён|оновлен|güncellen|更新|업데이트|cập nhật",
}

_CHANGED = (
    "changed|edited|revised|modif|geänder|gewijzigd|ändrad|ändrat|endret|ændret|muutettu|zmien|zmieni|změn|измен|змінен|τροποποι|módos|değiştir"
    "|تعديل|اصلاح|תוקנ|עודכנ|修改|変更|수정|chỉnh sửa|cập nhật"
)
"""Verbs that say less: what changed need not have been wrong."""

HEAD = 120
"""Characters in which a note says what it is."""

_LABEL = "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
_VERB = "|".join(rf"\b(?P<{kind}>{stems})" for kind, stems in _VERBS.items() if kind is not Notice.UPDATE)
_PRINTED_LABEL = _LABEL.replace("'", "['’]")


# Compiled when the first note is met: few articles have one.
@cache
def _headed() -> regex.Pattern[str]:
    return regex.compile(rf"[\W_]*(?:{_LABEL})(?!\w)")


@cache
def _said() -> regex.Pattern[str]:
    return regex.compile(_VERB)


@cache
def _updated() -> regex.Pattern[str]:
    return regex.compile(rf"\b(?:{_LABELS[Notice.UPDATE]}|{_VERBS[Notice.UPDATE]})")


@cache
def corrected_words() -> regex.Pattern[str]:
    """The verbs and labels beside which a note says when it was made."""
    stems = "|".join(stems for kind, stems in _VERBS.items() if kind is not Notice.RETRACTION)
    labels = "|".join(words for kind, words in _LABELS.items() if kind is not Notice.RETRACTION)
    return regex.compile(
        rf"(?:(?<!\p{{L}})|(?<=[{UNSPACED}]))(?:(?:{stems}|{_CHANGED})[\p{{L}}\p{{M}}]*|{labels})", regex.IGNORECASE
    )


@cache
def _inside() -> regex.Pattern[str]:
    return regex.compile(rf"(?:{_SENTENCE}|{_CAPITALS})[(\[（【*]?(?:{_PRINTED_LABEL})\s?[:：]", regex.IGNORECASE)


_SENTENCE = r"(?:^|\n|[.!?…][\"”»')\]]?\s|[。！？])"
_CAPITALS = r"\s(?-i:(?=[(\[（【*]?\p{Lu}[\p{Lu} '’]{4,}[:：]))"
"""Before a label in capitals, which needs no sentence to end: a credit has no full stop."""

_COLONS = regex.compile(r"[:：]")


def notice_facts(edits: Iterable[Edit]) -> Iterator[Fact]:
    """Notes that came, went or were reworded in their own field, and those that came inside a paragraph."""
    for edit in edits:
        if edit.field is Field.CORRECTIONS:
            kind = kind_of(edit.new or edit.old)
            yield Fact(kind=FactKind.CORRECTION, field=edit.field, old=edit.old, new=edit.new, notice=kind)
        elif edit.field in (Field.STANDFIRST, Field.BODY) and (note := note_inside(edit)):
            yield Fact(kind=FactKind.CORRECTION, field=edit.field, new=note, notice=kind_of(note))


def labelled(text: str) -> str:
    """The note inside a paragraph, from its label on; "" where there is none. A mere update runs on in many a text."""
    if not _COLONS.search(text):
        return ""
    for match in _inside().finditer(text):
        kind = Notice(match.lastgroup or "")
        if kind is not Notice.UPDATE:
            return text[match.start(kind) :].partition("\n")[0]
    return ""


def note_inside(edit: Edit) -> str:
    """The note that a paragraph got, from its label on; "" where it got none."""
    if not any(op == "insert" and _COLONS.search(text) for op, text in edit.spans):
        return ""
    for match in _inside().finditer(edit.new):
        kind = Notice(match.lastgroup or "")
        at = match.start(kind)
        if kind is not Notice.UPDATE and _is_inserted(edit, at):
            return edit.new[at:].partition("\n")[0]
    return ""


def _is_inserted(edit: Edit, at: int) -> bool:
    for op, text in edit.spans:
        if op == "delete":
            continue
        if at < len(text):
            return op == "insert"
        at -= len(text)
    return False


def kind_of(note: str) -> Notice | None:
    """What a note calls itself, None where it does not say. That something was updated says the least: "updated to
    correct a name" is a correction."""
    head = fold(note[:HEAD]).casefold()
    headed = _headed().match(head)
    if headed and (headed.lastgroup != Notice.UPDATE or head[headed.end() :].lstrip()[:1] in set(":：")):
        return Notice(headed.lastgroup or "")
    said = _said().search(head)
    if said:
        return Notice(said.lastgroup or "")
    return Notice.UPDATE if _updated().search(head) else None
