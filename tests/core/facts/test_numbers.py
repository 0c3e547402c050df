# ruff: noqa: E501  # a sentence is a line
"""Numbers: which changed, with their units; and what only looks like a number, or like a change."""

import pytest

from monitor.core.facts import FactKind, facts
from tests.core.facts.said import article, found, rewritten, told

Expected = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # English
        ("At least 12 people died there", "At least 17 people died there", [("12", "17")]),
        ("It cost $5 million in all", "It cost $7.5 million in all", [("$5 million", "$7.5 million")]),
        ("It cost $5 million in all", "It cost $5 billion in all", [("$5 million", "$5 billion")]),
        ("It cost $5 million in all", "It cost €5 million in all", [("$5 million", "€5 million")]),
        ("Each ticket is $5.50 now", "Each ticket is $6.50 now", [("$5.50", "$6.50")]),
        ("A debt of £3bn was sold", "A debt of £4bn was sold", [("£3bn", "£4bn")]),
        ("Prices rose 3.5% this year", "Prices rose 4% this year", [("3.5%", "4%")]),
        ("Prices rose 3.5 per cent again", "Prices rose 4 per cent again", [("3.5 per cent", "4 per cent")]),
        ("The road is 12 km long", "The road is 21 km long", [("12 km", "21 km")]),
        ("It fell to -5°C at night", "It fell to -15°C at night", [("-5°C", "-15°C")]),
        ("The boat left at 09:28 on Monday", "The boat left at 09:55 on Monday", [("09:28", "09:55")]),
        ("The boat left at 9am on Monday", "The boat left at 11am on Monday", [("9am", "11am")]),
        ("They won 2-1 at home", "They won 3-1 at home", [("2-1", "3-1")]),
        ("It takes 10-12 weeks to build", "It takes 10-14 weeks to build", [("10-12", "10-14")]),
        ("On 13 April they met again", "On 14 April they met again", [("13", "14")]),
        ("On April 13, 2020 they met", "On April 14, 2020 they met", [("13", "14")]),
        ("On 25.01.2022 they met again", "On 26.01.2022 they met again", [("25.01.2022", "26.01.2022")]),
        ("Shares were at -5% by noon", "Shares were at +5% by noon", [("-5%", "+5%")]),
        ("It took 1½ hours to clear it", "It took 2½ hours to clear it", [("1½", "2½")]),
        ("It is the 13th such case", "It is the 14th such case", [("13th", "14th")]),
        ("Call +44 20 7946 0958 for help", "Call +44 20 7946 0959 for help", [("+44 20 7946 0958", "+44 20 7946 0959")]),
        ("A 10-year sentence was given", "A 12-year sentence was given", [("10", "12")]),
        ("12 dead and 30 hurt, he said", "17 dead and 31 hurt, he said", [("12", "17"), ("30", "31")]),
        ("At least 85 were on board", "92 were on board", [("85", "92")]),
        ("He was paid 5 for the work", "He was paid 5 million for the work", [("5", "5 million")]),
        # German
        ("Das kostet 12 Mio. Euro im Jahr", "Das kostet 15 Mio. Euro im Jahr", [("12 Mio. Euro", "15 Mio. Euro")]),
        ("Die Preise stiegen um 3,5 Prozent", "Die Preise stiegen um 4,5 Prozent", [("3,5 Prozent", "4,5 Prozent")]),
        ("Das Brot kostet 5,50 € hier", "Das Brot kostet 5,90 € hier", [("5,50 €", "5,90 €")]),
        ("Ein 65-Jähriger wurde verletzt", "Ein 56-Jähriger wurde verletzt", [("65", "56")]),
        ("Seit 2010 bin ich in der Stadt", "Seit 2012 bin ich in der Stadt", [("2010", "2012")]),
        # French
        ("Un coût de 12 millions d’euros", "Un coût de 15 millions d’euros", [("12 millions d’euros", "15 millions d’euros")]),
        ("Il y a 1 200 habitants ici", "Il y a 2 100 habitants ici", [("1 200", "2 100")]),
        ("Le train part à 14h30 de Lyon", "Le train part à 15h30 de Lyon", [("14h30", "15h30")]),
        # Spanish, Italian, Portuguese
        ("Costó 12 millones de dólares", "Costó 15 millones de dólares", [("12 millones de dólares", "15 millones de dólares")]),
        ("Subió un 3,5 por ciento ayer", "Subió un 5,3 por ciento ayer", [("3,5 por ciento", "5,3 por ciento")]),
        ("È costato 3 miliardi di euro", "È costato 4 miliardi di euro", [("3 miliardi di euro", "4 miliardi di euro")]),
        ("Nel 2019 ha vinto il premio", "Nel 2020 ha vinto il premio", [("2019", "2020")]),
        ("Custou 12 milhões de reais ontem", "Custou 15 milhões de reais ontem", [("12 milhões de reais", "15 milhões de reais")]),
        # Dutch, Turkish, Vietnamese
        ("Het kostte 3 miljard euro toen", "Het kostte 4 miljard euro toen", [("3 miljard euro", "4 miljard euro")]),
        ("Fiyatlar yüzde 35 arttı bugün", "Fiyatlar yüzde 53 arttı bugün", [("yüzde 35", "yüzde 53")]),
        ("Köyde 12 bin kişi yaşıyor", "Köyde 15 bin kişi yaşıyor", [("12 bin", "15 bin")]),
        ("Dự án trị giá 12,5 tỷ đồng", "Dự án trị giá 15,5 tỷ đồng", [("12,5 tỷ đồng", "15,5 tỷ đồng")]),
        # Russian, Ukrainian, Polish
        ("Это стоило 12 млн рублей тогда", "Это стоило 15 млн рублей тогда", [("12 млн рублей", "15 млн рублей")]),
        ("Цены выросли на 3,5 процента", "Цены выросли на 5,3 процента", [("3,5 процента", "5,3 процента")]),
        ("Це коштувало 12 тисяч гривень", "Це коштувало 15 тисяч гривень", [("12 тисяч гривень", "15 тисяч гривень")]),
        ("To kosztowało 12 tys. złotych", "To kosztowało 15 tys. złotych", [("12 tys. złotych", "15 tys. złotych")]),
        # Arabic, Persian, Hebrew
        ("قتل ١٢ شخصا في الحريق", "قتل ١٥ شخصا في الحريق", [("١٢", "١٥")]),
        ("بلغ العدد ١٢٬٥٠٠ شخص", "بلغ العدد ١٥٬٥٠٠ شخص", [("١٢٬٥٠٠", "١٥٬٥٠٠")]),
        ("بلغت الكلفة 12 مليون دولار", "بلغت الكلفة 15 مليون دولار", [("12 مليون دولار", "15 مليون دولار")]),
        ("هزینه آن ۱۲ میلیارد تومان بود", "هزینه آن ۱۵ میلیارد تومان بود", [("۱۲ میلیارد تومان", "۱۵ میلیارد تومان")]),
        ("נפצעו כ-12 בני אדם בשריפה", "נפצעו כ-15 בני אדם בשריפה", [("12", "15")]),
        ("המחיר עלה ב-30 אחוזים", "המחיר עלה ב-40 אחוזים", [("30 אחוזים", "40 אחוזים")]),
        # Hindi, Bengali
        ("इसकी लागत १२ लाख रुपये थी", "इसकी लागत १५ लाख रुपये थी", [("१२ लाख रुपये", "१५ लाख रुपये")]),
        ("कीमतें 5 प्रतिशत बढ़ीं", "कीमतें 7 प्रतिशत बढ़ीं", [("5 प्रतिशत", "7 प्रतिशत")]),
        ("আগুনে ১২ জন মারা গেছেন", "আগুনে ১৫ জন মারা গেছেন", [("১২", "১৫")]),
        ("এতে ১২ কোটি টাকা লেগেছে", "এতে ১৫ কোটি টাকা লেগেছে", [("১২ কোটি টাকা", "১৫ কোটি টাকা")]),
        # Chinese, Japanese, Korean, Thai
        ("物价上涨了百分之五左右", "物价上涨了百分之七左右", [("百分之五", "百分之七")]),
        ("约有5万人参加了集会", "约有8万人参加了集会", [("5万", "8万")]),
        ("工程耗资3.5亿元完成", "工程耗资5.3亿元完成", [("3.5亿元", "5.3亿元")]),
        ("死者は12人に達したという", "死者は17人に達したという", [("12", "17")]),
        ("首相は5日の会見で述べた", "首相は6日の会見で述べた", [("5日", "6日")]),
        ("費用は1億2000万円だった", "費用は1億5000万円だった", [("1億2000万円", "1億5000万円")]),
        ("정부는 화재로 12명이 숨졌다고", "정부는 화재로 15명이 숨졌다고", [("12", "15")]),
        ("회의는 5월 12일 오후 3시에", "회의는 5월 13일 오후 3시에", [("12일", "13일")]),
        ("피해액은 3억 5000만원이다", "피해액은 4억 5000만원이다", [("3억 5000만원", "4억 5000만원")]),
        ("มีผู้เสียชีวิต 12 คนในเหตุการณ์", "มีผู้เสียชีวิต 15 คนในเหตุการณ์", [("12", "15")]),
        ("โครงการนี้ใช้เงิน 5 ล้านบาท", "โครงการนี้ใช้เงิน 8 ล้านบาท", [("5 ล้านบาท", "8 ล้านบาท")]),
        ("ราคาเพิ่มขึ้นร้อยละ 5 ในปีนี้", "ราคาเพิ่มขึ้นร้อยละ 7 ในปีนี้", [("ร้อยละ 5", "ร้อยละ 7")]),
    ],
)  # fmt: skip
def test_a_number_that_changed_where_it_stands_is_told_with_its_unit(old: str, new: str, expected: Expected) -> None:
    assert told(FactKind.NUMBER, old, new) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("About 9,500 people came here", "Some 9.500 people went here"),
        ("About 1 200 people came here", "Some 1,200 people went here"),
        ("About 12'000 people came here", "Some 12,000 people went here"),
        ("Some 12,34,567 people came here", "Some 1,234,567 people went here"),
        ("It cost 1.5bn in all, he says", "It cost 1.5 billion in all, he said"),
        ("It cost 1.5 billion in all, he says", "It cost 1,500 million in all, he said"),
        ("Prices rose 3.5% in all, he says", "Prices rose 3.5 per cent in all, he said"),
        ("Die Preise stiegen um 3,5 % im Jahr", "Die Preise sanken um 3,5 Prozent im Jahr"),
        ("Das kostet 12 Mio. € im Jahr", "Das kostete 12 Millionen Euro im Jahr"),
        ("It is 5 kilometres from here, he says", "It is 5 km from here, he said"),
        ("It cost US$5 in all, he says", "It cost 5 dollars in all, he said"),
        ("On the 13th of April they meet again", "On 13 April they met again"),
        ("The boat left at 9:05 on a Monday", "The boat leaves at 09:05 on a Monday"),
        ("Le train part à 14h30 de Lyon", "Le train partait à 14:30 de Lyon"),
        ("They won 2-1 at home to them", "They won 2–1 at home against them"),
        ("قتل ١٢ شخصا في الحريق أمس", "قتل 12 شخصا في الحريق اليوم"),
        ("物价上涨了百分之五左右", "物价下跌了5%左右"),
        ("费用为1億2000万円左右", "费用约为1億2,000万円左右"),
    ],
)
def test_the_same_number_written_otherwise_is_no_change(old: str, new: str) -> None:
    assert told(FactKind.NUMBER, old, new) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The Covid-19 wave is over now", "The Covid wave is over now"),
        ("सरकार ने कोविड-19 पर कहा", "सरकार ने कोविड पर कहा"),
        ("정부는 코로나19 대책을 냈다", "정부는 코로나 대책을 냈다"),
        ("משרד הבריאות על קוביד-19 אמר", "משרד הבריאות על קוביד אמר"),
        ("Leaders of the G7 met in the town", "Leaders of the group met in the town"),
        ("An A380 landed there, they say", "A big plane landed there, they say"),
        ("They play at Euro 2020 in the summer", "They play in the cup in the summer"),
        ("It runs on Windows 11 and costs less", "It runs on anything and costs less"),
        ("It runs on Fruit 17.2 and costs less", "It runs on anything and costs less"),
        ("The 5G network and the 3D film are late", "The network and the film are both late"),
        ("The relay of 4x100m was lost again", "The relay was lost again"),
        ("See https://example.org/2020/05/12-fire for it", "See the page of the paper for it"),
        ("Write to #12 or to desk_7 of them", "Write to the desk of them"),
        ("Commit 1f27bba9 and 8f7ffa47 are gone", "Both of the commits are gone"),
    ],
)
def test_figures_in_names_are_no_numbers(old: str, new: str) -> None:
    assert told(FactKind.NUMBER, old, new) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Seven people died in the fire there", "Nine people died in the fire there"),
        ("Sieben Menschen starben im Feuer dort", "Neun Menschen starben im Feuer dort"),
        ("七人在火灾中死亡的消息", "九人在火灾中死亡的消息"),
    ],
)
def test_number_words_are_left_to_the_diff(old: str, new: str) -> None:
    assert told(FactKind.NUMBER, old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("A number came here for them", "A number came here for all 30 of them", [("", "30")]),
        ("They said that 30 of them left early", "They said that some of them left early", [("30", "")]),
        ("The vote is due soon, they say", "The vote is due on Monday 17 May, they say", [("", "17")]),
        ("The vote is due soon, they say", "The vote is due on May 17, they say", [("", "17")]),
        ("The minister resigned, they say", "Since 2014 the minister resigned, they say", [("", "2014")]),
    ],
)
def test_numbers_that_come_and_go_in_a_passage_are_told(old: str, new: str, expected: Expected) -> None:
    assert told(FactKind.NUMBER, old, new) == expected


FIRE = "At least 12 people died in a fire at a textile factory on Monday, police said."
OWNER = "The owner of the factory was arrested on Tuesday evening after a search of his home."
SAFETY = "Its safety was last checked by the town some 30 months ago, according to its records."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Elsewhere in the sentence.
        ("In 2014 he left the old party", "He left the old party in 2014"),
        ("It killed 12 and hurt 30 of them", "It hurt 30 and killed 12 of them"),
        # In another paragraph.
        (f"{FIRE}\n{OWNER}", f"{FIRE.replace('At least 12', 'Many')}\n{OWNER} He had 12 people at work."),
        # Through a split, a merge and a move.
        (f"{FIRE} {OWNER}\n{SAFETY}", f"{FIRE}\n{OWNER}\n{SAFETY}"),
        (f"{FIRE}\n{OWNER}", f"{FIRE} {OWNER}"),
        (f"{FIRE}\n{OWNER}\n{SAFETY}", f"{OWNER}\n{SAFETY}\n{FIRE}"),
        # Out of a paragraph that went, into one that was reworded.
        (f"{FIRE}\n{OWNER}\nIt has 12.", f"{OWNER}\n{FIRE.replace('At least', 'Some')}"),
    ],
)
def test_a_number_that_goes_elsewhere_is_no_change(old: str, new: str) -> None:
    assert told(FactKind.NUMBER, old, new) == []


def test_a_number_of_the_headline_that_the_body_still_has_is_not_removed() -> None:
    old, new = article(FIRE, headline="Fire kills 12"), article(FIRE, headline="Fire kills many")

    assert told(FactKind.NUMBER, old, new) == []


def test_numbers_of_a_whole_new_paragraph_are_told_by_the_paragraph() -> None:
    assert [fact.kind for fact in found(article(FIRE), article(FIRE, SAFETY))] == [FactKind.PARAGRAPH_ADDED]


def test_numbers_changed_in_a_moved_paragraph_are_told() -> None:
    old, new = f"{FIRE}\n{OWNER}\n{SAFETY}", f"{OWNER}\n{SAFETY}\n{FIRE.replace('12', '17')}"

    assert told(FactKind.NUMBER, old, new) == [("12", "17")]


def test_two_numbers_that_change_places_have_both_changed() -> None:
    assert told(FactKind.NUMBER, "12 dead and 30 hurt, he said", "30 dead and 12 hurt, he said") == [
        ("12", "30"),
        ("30", "12"),
    ]


def test_numbers_between_the_same_words_are_one_and_the_other_not_numbers_of_the_same_rank() -> None:
    found_in_it = facts([rewritten("12 dead 30 hurt", "dead 12 hurt 17")])

    assert [(f.old, f.new) for f in found_in_it if f.kind is FactKind.NUMBER] == [("30", "12"), ("", "17")]


def test_a_number_of_another_kind_in_a_reworded_place_is_not_its_later_value() -> None:
    old, new = "The goal fell in the 88th minute of the game", "The goal brought it to 2-1 late in the game"

    assert ("88th", "2-1") not in told(FactKind.NUMBER, old, new)


def test_a_changed_number_is_told_with_the_words_round_it() -> None:
    (fact,) = found(article(FIRE), article(FIRE.replace("12", "17")))

    assert fact.context == "At least 17 people died in a fire at a…"
