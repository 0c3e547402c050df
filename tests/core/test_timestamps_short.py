# ruff: noqa: E501  # a row of a table is a line
"""Lines that say less than a whole time: an hour, a day without its year, how long ago, a label in another element."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.article import ClaimKind, Precision
from monitor.core.timestamps import is_stamp_line, label_of, read_lines

CAPTURED = datetime(2024, 3, 14, 18, 0, tzinfo=UTC)
"""Everywhere from Lisbon to Moscow it is the evening of the 14th, and still the 14th."""

HOURS = [
    ("en-gb", "Europe/London", "Last updated at 17:05", "17:05"),
    ("en", "Europe/London", "Updated 5:05pm", "17:05"),
    ("de", "Europe/Berlin", "Aktualisiert um 17:05 Uhr", "16:05"),
    ("de", "Europe/Berlin", "Stand: 17.05 Uhr", "16:05"),
    ("fr", "Europe/Paris", "mis à jour à 17h05", "16:05"),
    ("fr", "Europe/Paris", "Mis à jour à 17 h 05", "16:05"),
    ("es", "Europe/Madrid", "Actualizado a las 17:05h.", "16:05"),
    ("pt", "Europe/Lisbon", "Atualizado às 17h05", "17:05"),
    ("it", "Europe/Rome", "Aggiornato alle 17:05", "16:05"),
    ("it", "Europe/Rome", "Aggiornato alle ore 17.05", "16:05"),
    ("nl", "Europe/Amsterdam", "Bijgewerkt om 17:05", "16:05"),
    ("nl-be", "Europe/Brussels", "Bijgewerkt om 17u05", "16:05"),
    ("sv", "Europe/Stockholm", "Uppdaterad kl 17.05", "16:05"),
    ("sv", "Europe/Stockholm", "Uppdaterad 17:05", "16:05"),
    ("no", "Europe/Oslo", "Oppdatert kl. 17.05", "16:05"),
    ("da", "Europe/Copenhagen", "Opdateret kl. 17.05", "16:05"),
    ("fi", "Europe/Helsinki", "Päivitetty klo 17.05", "15:05"),
    ("pl", "Europe/Warsaw", "Aktualizacja: godz. 17:05", "16:05"),
    ("cs", "Europe/Prague", "Aktualizováno v 17:05", "16:05"),
    ("ru", "Europe/Moscow", "Обновлено в 17:05", "14:05"),
    ("ru", "Europe/Moscow", "(обновлено: 17:05)", "14:05"),
    ("uk", "Europe/Kiev", "Оновлено о 17:05", "15:05"),
    ("tr", "Europe/Istanbul", "Güncelleme: 17:05", "14:05"),
    ("tr", "Europe/Istanbul", "Son güncelleme saati 17.05", "14:05"),
    ("ar", "Asia/Riyadh", "آخر تحديث: الساعة 17:05", "14:05"),
    ("ja", "Europe/London", "17:05更新", "17:05"),
    ("ja", "Europe/London", "更新 17時05分", "17:05"),
    ("ko", "Europe/London", "수정 오후 5:05", "17:05"),
    ("zh", "Europe/London", "更新：17:05", "17:05"),
    ("zh", "Europe/London", "更新时间：下午5:05", "17:05"),
    ("el", "Europe/Athens", "Ενημερώθηκε στις 17:05", "15:05"),
    ("hu", "Europe/Budapest", "Frissítve: 17:05", "16:05"),
    ("ro", "Europe/Bucharest", "Actualizat la ora 17:05", "15:05"),
    ("en", None, "Updated 17:05 GMT", "17:05"),
    ("en", None, "Updated 1:05 PM ET", "17:05"),
    ("en-ie", "Europe/Dublin", "Updated 5.05pm IST", "17:05"),
    ("ru", None, "Обновлено в 17:05 мск", "14:05"),
]  # fmt: skip

YEARLESS = [
    ("en", "Europe/London", "Updated: 14 March, 17:05", "2024-03-14T17:05"),
    ("en", "Europe/London", "Last updated March 14 at 5:05 pm", "2024-03-14T17:05"),
    ("de", "Europe/Berlin", "Aktualisiert: 14. März, 17:05 Uhr", "2024-03-14T16:05"),
    ("de", "Europe/Berlin", "Stand: 14.03., 17:05 Uhr", "2024-03-14T16:05"),
    ("fr", "Europe/Paris", "Mis à jour le 14 mars à 17h05", "2024-03-14T16:05"),
    ("es", "Europe/Madrid", "Actualizado el 14 de marzo a las 17:05", "2024-03-14T16:05"),
    ("pt", "Europe/Lisbon", "Atualizado em 14 de março às 17h05", "2024-03-14T17:05"),
    ("it", "Europe/Rome", "Aggiornato il 14 marzo alle 17:05", "2024-03-14T16:05"),
    ("nl", "Europe/Amsterdam", "Bijgewerkt: 14 maart 17:05", "2024-03-14T16:05"),
    ("sv", "Europe/Stockholm", "Uppdaterad 14 mars kl. 17.05", "2024-03-14T16:05"),
    ("no", "Europe/Oslo", "Oppdatert 14. mars kl. 17.05", "2024-03-14T16:05"),
    ("da", "Europe/Copenhagen", "Opdateret 14. mar. kl. 17.05", "2024-03-14T16:05"),
    ("fi", "Europe/Helsinki", "Päivitetty 14.3. klo 17.05", "2024-03-14T15:05"),
    ("pl", "Europe/Warsaw", "Aktualizacja: 14 marca, 17:05", "2024-03-14T16:05"),
    ("cs", "Europe/Prague", "Aktualizováno 14. března 17:05", "2024-03-14T16:05"),
    ("ru", "Europe/Moscow", "Обновлено 14 марта, 17:05", "2024-03-14T14:05"),
    ("uk", "Europe/Kiev", "Оновлено 14 березня, 17:05", "2024-03-14T15:05"),
    ("tr", "Europe/Istanbul", "Güncelleme: 14 Mart 17:05", "2024-03-14T14:05"),
    ("ar", "Asia/Riyadh", "آخر تحديث: 14 مارس 17:05", "2024-03-14T14:05"),
    ("ja", "Asia/Tokyo", "更新：3月14日 17:05", "2024-03-14T08:05"),
    ("ko", "Asia/Seoul", "수정 3월 14일 17:05", "2024-03-14T08:05"),
    ("zh", "Asia/Shanghai", "更新：3月14日 17:05", "2024-03-14T09:05"),
    ("el", "Europe/Athens", "Ενημερώθηκε: 14 Μαρτίου, 17:05", "2024-03-14T15:05"),
    ("hu", "Europe/Budapest", "Frissítve: március 14. 17:05", "2024-03-14T16:05"),
    ("ro", "Europe/Bucharest", "Actualizat: 14 martie, 17:05", "2024-03-14T15:05"),
    ("en", "Europe/London", "Updated: 30 December, 17:05", "2023-12-30T17:05"),
]  # fmt: skip

AGO = [
    ("en", "Updated 2 hours ago"), ("en", "Last updated: 2 hours ago"), ("de", "Aktualisiert vor 2 Stunden"), ("fr", "Mis à jour il y a 2 heures"),
    ("es", "Actualizado hace 2 horas"), ("pt", "Atualizado há 2 horas"), ("it", "Aggiornato 2 ore fa"), ("nl", "Bijgewerkt 2 uur geleden"),
    ("sv", "Uppdaterad för 2 timmar sedan"), ("no", "Oppdatert for 2 timer siden"), ("da", "Opdateret for 2 timer siden"), ("fi", "Päivitetty 2 tuntia sitten"),
    ("pl", "Aktualizacja: 2 godziny temu"), ("cs", "Aktualizováno před 2 hodinami"), ("ru", "Обновлено 2 часа назад"), ("uk", "Оновлено 2 години тому"),
    ("tr", "Güncelleme: 2 saat önce"), ("ar", "آخر تحديث قبل 2 ساعة"), ("ja", "更新：2時間前"), ("ko", "수정 2시간 전"),
    ("zh", "更新于 2小时前"), ("el", "Ενημερώθηκε πριν από 2 ώρες"), ("hu", "Frissítve: 2 órája"), ("ro", "Actualizat acum 2 ore"),
]  # fmt: skip

SPLIT = [
    ("en", ["Last updated", "14 March 2024, 17:05"]), ("de", ["Aktualisiert am", "14.03.2024 17:05 Uhr"]), ("fr", ["Mis à jour le", "14 mars 2024 à 17h05"]),
    ("es", ["Actualizado:", "14/03/2024 17:05"]), ("pt", ["Última atualização", "14/03/2024", "17:05"]), ("it", ["Aggiornato il", "14 marzo 2024", "17:05"]),
    ("nl", ["Bijgewerkt", "14 maart 2024 17:05"]), ("sv", ["Uppdaterad", "2024-03-14", "17:05"]), ("no", ["Oppdatert", "14.03.2024, kl. 17.05"]),
    ("da", ["Opdateret", "14. marts 2024", "kl. 17.05"]), ("fi", ["Päivitetty", "14.3.2024 17:05"]), ("pl", ["Aktualizacja:", "14.03.2024", "17:05"]),
    ("cs", ["Aktualizováno", "14. 3. 2024 17:05"]), ("ru", ["Обновлено:", "14.03.2024", "17:05"]), ("uk", ["Оновлено", "14 березня 2024, 17:05"]),
    ("tr", ["Son Güncelleme", "14.03.2024 - 17:05"]), ("ar", ["آخر تحديث", "14 مارس 2024 17:05"]), ("ja", ["最終更新日", "2024年3月14日 17:05"]),
    ("ko", ["수정", "2024.03.14 17:05"]), ("zh", ["更新时间", "2024-03-14 17:05"]), ("el", ["Τελευταία ενημέρωση:", "14 Μαρτίου 2024", "17:05"]),
    ("hu", ["Frissítve:", "2024. március 14.", "17:05"]), ("ro", ["Actualizat la", "14.03.2024", "17:05"]),
]  # fmt: skip

RULES = [
    ("en", ["Privacy policy (last updated 5 May 2023)"]), ("en", ["Privacy Policy", "Last updated: 5 May 2023"]), ("en", ["Terms of use | Updated 5 May 2023 10:30"]),
    ("de", ["Datenschutz (Stand: 05.05.2023)"]), ("fr", ["Mentions légales – mises à jour", "Mentions légales (mis à jour le 5 mai 2023)"]),
    ("es", ["Política de privacidad | Actualizado el 05/05/2023"]), ("it", ["Informativa (aggiornata il 5 maggio 2023)"]), ("zh", ["隐私条款（更新：2023年5月5日）"]),
]  # fmt: skip

FRIENDS = [
    ("en", "Our entry-level laptop was last updated in July and still holds up"), ("en", "The maps were updated on 5 May 2023 by the council"),
    ("fr", "Cette loi du 3 mars 1998, mise à jour par la loi du 6 août 2004, reste en vigueur"), ("de", "Foto: Archiv, Stand: 2019"),
    ("de", "Der Stand der Dinge am 5. Mai 2023"), ("es", "El mapa fue actualizado el 5 de mayo de 2023 por el ayuntamiento"),
    ("it", "Il registro è stato aggiornato il 5 maggio 2023 dal comune"), ("nl", "De kaart werd op 5 mei 2023 bijgewerkt door de gemeente"),
    ("pt", "O mapa foi atualizado em 5 de maio de 2023 pela câmara"), ("ru", "Реестр был обновлен 5 мая 2023 года городом"),
    ("sv", "Kartan blev uppdaterad den 5 maj 2023 av kommunen"), ("pl", "Mapa została zaktualizowana 5 maja 2023 przez miasto"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "zone", "line", "expected"), HOURS)
def test_an_hour_alone_is_that_of_the_day_of_the_capture(
    language: str, zone: str | None, line: str, expected: str
) -> None:
    (claim,) = read_lines([line], language=language, zone=zone, captured_at=CAPTURED)

    assert (claim.kind, claim.precision) == (ClaimKind.UPDATED, Precision.MINUTE)
    assert claim.at == datetime.fromisoformat(f"2024-03-14T{expected}+00:00")
    assert is_stamp_line(line, language)


@pytest.mark.parametrize(("language", "zone", "line"), [row[:3] for row in HOURS])
def test_an_hour_alone_is_left_open_where_nobody_knows_when_it_was_seen(
    language: str, zone: str | None, line: str
) -> None:
    (claim,) = read_lines([line], language=language, zone=zone)

    assert (claim.at, claim.doubt) == (None, "no_zone")


@pytest.mark.parametrize(("language", "zone", "line", "expected"), YEARLESS)
def test_a_day_without_its_year_is_the_last_one_before_the_capture(
    language: str, zone: str, line: str, expected: str
) -> None:
    (claim,) = read_lines([line], language=language, zone=zone, captured_at=CAPTURED)
    unseen = read_lines([line], language=language, zone=zone)

    assert (claim.kind, claim.at) == (ClaimKind.UPDATED, datetime.fromisoformat(f"{expected}+00:00"))
    assert [c.at for c in unseen] == [None]
    assert is_stamp_line(line, language)


@pytest.mark.parametrize(("language", "line"), AGO)
def test_words_that_count_back_are_noted_and_not_believed(language: str, line: str) -> None:
    (claim,) = read_lines([line], language=language, captured_at=CAPTURED)
    (unseen,) = read_lines([line], language=language)

    assert (claim.at, claim.believed, claim.doubt) == (CAPTURED - timedelta(hours=2), False, "relative")
    assert (unseen.at, unseen.believed, unseen.doubt) == (None, False, "relative")
    assert is_stamp_line(line, language)


@pytest.mark.parametrize(("language", "lines"), SPLIT)
def test_a_label_and_its_value_in_elements_of_their_own_are_one_claim(language: str, lines: list[str]) -> None:
    (claim,) = read_lines(["Ferry runs aground", *lines, "By Jane Doe"], language=language, zone="UTC")

    assert (claim.kind, claim.at) == (ClaimKind.UPDATED, datetime(2024, 3, 14, 17, 5, tzinfo=UTC))
    assert claim.raw == " ".join(lines)


@pytest.mark.parametrize(("language", "lines"), RULES)
def test_when_the_rules_of_the_site_were_updated_says_nothing_of_the_article(language: str, lines: list[str]) -> None:
    found = read_lines(lines, language=language, zone="UTC", captured_at=CAPTURED)

    assert [claim for claim in found if claim.kind is ClaimKind.UPDATED] == []


@pytest.mark.parametrize(("language", "line"), FRIENDS)
def test_a_sentence_about_an_update_is_no_claim(language: str, line: str) -> None:
    assert read_lines([line], language=language, zone="UTC", captured_at=CAPTURED) == ()
    assert not is_stamp_line(line, language)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Updated", ClaimKind.UPDATED),
        ("Last updated on ", ClaimKind.UPDATED),
        ("By Jane Doe | Published:", ClaimKind.PUBLISHED),
        ("Mis à jour le", ClaimKind.UPDATED),
        ("She said that it was updated", None),
        ("Updated 14 March", None),
        ("", None),
    ],
)
def test_the_words_before_a_time_name_it(words: str, kind: ClaimKind | None) -> None:
    assert label_of(words, None) == kind
