# ruff: noqa: E501  # a row of a table is a line
# fmt: off
"""The words that printed times are made of, in the languages of the news. Data, and the folding that finds them.

Every table is written as people write and folded once here: lower case, no accents, one character for one character,
so that a place in the folded line is the same place in the publisher's own.
"""

import unicodedata
from collections.abc import Iterable, Mapping

import regex


class _Letters(dict[int, str]):
    """Folds a character on first sight and remembers it."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _letter(chr(code))
        return folded


_JOINT = "\u200c"
"""Persian and Indian scripts part the halves of a word with it, and as often with a space."""
_OWN_LETTERS = {"ı": "i", "İ": "i", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ς": "σ", "י": "י"}
_ARABIC_FORMS = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه"}


def _letter(char: str) -> str:
    if char in _OWN_LETTERS or char in _ARABIC_FORMS:
        return _OWN_LETTERS.get(char) or _ARABIC_FORMS[char]
    if char.isspace() or char == _JOINT:
        return " "
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if "\uff01" <= char <= "\uff5e":
        char = chr(ord(char) - 0xFEE0)
    stripped = unicodedata.normalize("NFD", char)
    if len(stripped) > 1 and all(unicodedata.category(mark) == "Mn" for mark in stripped[1:]):
        char = stripped[0]
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char


_LETTERS = _Letters()
_INVISIBLE = regex.compile(r"[\p{Cf}--[\u200c\u200d]]+", regex.VERSION1)


def fold(text: str) -> str:
    """Lower case, plain digits, no accents; exactly as long as `text`."""
    return text.translate(_LETTERS)


def tidy(text: str) -> str:
    """The words with single spaces and nothing invisible, composed: what `raw` holds."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def _table(lines: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """`lang: a|b, c, ...` a line; columns by comma, alternatives by bar."""
    table = {}
    for line in lines.strip().splitlines():
        language, _, row = line.partition(":")
        columns = (tuple(fold(w.strip()) for w in column.split("|") if w.strip()) for column in row.split(","))
        table[language.strip()] = tuple(columns)
    return table


def phrases(lines: str) -> tuple[str, ...]:
    """All phrases of a list, folded, longest first."""
    found = {fold(phrase.strip()) for phrase in regex.split(r"[|\n]", lines) if phrase.strip()}
    return tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase)))


MONTHS = _table(
    """
en: january|jan, february|feb|febr, march|mar, april|apr, may, june|jun, july|jul, august|aug, september|sept|sep, october|oct, november|nov, december|dec
de: januar|jänner|jan|jän, februar|feber|feb, märz|mär|mrz, april|apr, mai, juni|jun, juli|jul, august|aug, september|sept|sep, oktober|okt, november|nov, dezember|dez
fr: janvier|janv|jan, février|févr|fév, mars|mar, avril|avr, mai, juin, juillet|juil, août|aou, septembre|sept, octobre|oct, novembre|nov, décembre|déc
es: enero|ene, febrero|feb, marzo|mar, abril|abr, mayo|may, junio|jun, julio|jul, agosto|ago, septiembre|setiembre|sept|sep|set, octubre|oct, noviembre|nov, diciembre|dic
it: gennaio|gen, febbraio|feb|febb, marzo|mar, aprile|apr, maggio|mag, giugno|giu, luglio|lug, agosto|ago, settembre|set|sett, ottobre|ott, novembre|nov, dicembre|dic
pt: janeiro|jan, fevereiro|fev, março|mar, abril|abr, maio|mai, junho|jun, julho|jul, agosto|ago, setembro|set, outubro|out, novembro|nov, dezembro|dez
nl: januari|jan, februari|feb, maart|mrt, april|apr, mei, juni|jun, juli|jul, augustus|aug, september|sept|sep, oktober|okt, november|nov, december|dec
sv: januari|jan, februari|feb, mars|mar, april|apr, maj, juni|jun, juli|jul, augusti|aug, september|sept|sep, oktober|okt, november|nov, december|dec
no: januar|jan, februar|feb|febr, mars|mar, april|apr, mai, juni|jun, juli|jul, august|aug, september|sept|sep, oktober|okt, november|nov, desember|des
da: januar|jan, februar|feb|febr, marts|mar, april|apr, maj, juni|jun, juli|jul, august|aug, september|sept|sep, oktober|okt, november|nov, december|dec
fi: tammikuuta|tammikuu|tammi, helmikuuta|helmikuu|helmi, maaliskuuta|maaliskuu|maalis, huhtikuuta|huhtikuu|huhti, toukokuuta|toukokuu|touko, kesäkuuta|kesäkuu|kesä, heinäkuuta|heinäkuu|heinä, elokuuta|elokuu|elo, syyskuuta|syyskuu|syys, lokakuuta|lokakuu|loka, marraskuuta|marraskuu|marras, joulukuuta|joulukuu|joulu
is: janúar|jan, febrúar|feb, mars|mar, apríl|apr, maí, júní|jún, júlí|júl, ágúst|ágú, september|sept|sep, október|okt, nóvember|nóv, desember|des
pl: stycznia|styczeń|sty, lutego|luty|lut, marca|marzec|mar, kwietnia|kwiecień|kwi, maja|maj, czerwca|czerwiec|cze, lipca|lipiec|lip, sierpnia|sierpień|sie, września|wrzesień|wrz, października|październik|paź, listopada|listopad|lis, grudnia|grudzień|gru
cs: ledna|leden|led, února|únor|úno, března|březen|bře, dubna|duben|dub, května|květen|kvě, června|červen|čvn, července|červenec|čvc, srpna|srpen|srp, září|zář, října|říjen|říj, listopadu|listopad|lis, prosince|prosinec|pro
sk: januára|január|jan, februára|február|feb, marca|marec|mar, apríla|apríl|apr, mája|máj, júna|jún, júla|júl, augusta|august|aug, septembra|september|sep, októbra|október|okt, novembra|november|nov, decembra|december|dec
hu: január|jan, február|febr|feb, március|márc|már, április|ápr, május|máj, június|jún, július|júl, augusztus|aug, szeptember|szept, október|okt, november|nov, december|dec
ro: ianuarie|ian, februarie|feb|febr, martie|mar|mart, aprilie|apr, mai, iunie|iun, iulie|iul, august|aug, septembrie|sept|sep, octombrie|oct, noiembrie|nov|noi, decembrie|dec
bg: януари|ян, февруари|февр|фев, март|мар, април|апр, май, юни, юли, август|авг, септември|септ|сеп, октомври|окт, ноември|ноем|ное, декември|дек
ru: января|январь|янв, февраля|февраль|фев|февр, марта|март|мар, апреля|апрель|апр, мая|май, июня|июнь|июн, июля|июль|июл, августа|август|авг, сентября|сентябрь|сент|сен, октября|октябрь|окт, ноября|ноябрь|ноя|нояб, декабря|декабрь|дек
uk: січня|січень|січ, лютого|лютий|лют, березня|березень|бер, квітня|квітень|квіт, травня|травень|трав, червня|червень|черв, липня|липень|лип, серпня|серпень|серп, вересня|вересень|вер, жовтня|жовтень|жовт, листопада|листопад|лист, грудня|грудень|груд
be: студзеня|студзень, лютага|люты, сакавіка|сакавік, красавіка|красавік, мая|май|траўня, чэрвеня|чэрвень, ліпеня|ліпень, жніўня|жнівень, верасня|верасень, кастрычніка|кастрычнік, лістапада|лістапад, снежня|снежань
sr: januar|jan|јануар|јан, februar|feb|фебруар|феб, mart|mar|март|мар, april|apr|април|апр, maj|мај, jun|juni|јун|јуни, jul|juli|јул|јули, avgust|avg|август|авг, septembar|sep|септембар|сеп, oktobar|okt|октобар|окт, novembar|nov|новембар|нов, decembar|dec|децембар|дец
hr: siječnja|siječanj|sij, veljače|veljača|velj, ožujka|ožujak|ožu, travnja|travanj|tra, svibnja|svibanj|svi, lipnja|lipanj|lip, srpnja|srpanj|srp, kolovoza|kolovoz|kol, rujna|rujan|ruj, listopada|listopad|lis, studenoga|studenog|studeni|stu, prosinca|prosinac|pro
sl: januarja|januar|jan, februarja|februar|feb, marca|marec|mar, aprila|april|apr, maja|maj, junija|junij|jun, julija|julij|jul, avgusta|avgust|avg, septembra|september|sep, oktobra|oktober|okt, novembra|november|nov, decembra|december|dec
mk: јануари|јан, февруари|фев, март|мар, април|апр, мај, јуни|јун, јули|јул, август|авг, септември|сеп, октомври|окт, ноември|ное, декември|дек
el: ιανουαρίου|ιανουάριος|ιαν, φεβρουαρίου|φεβρουάριος|φεβ, μαρτίου|μάρτιος|μαρ, απριλίου|απρίλιος|απρ, μαΐου|μάιος|μαι, ιουνίου|ιούνιος|ιουν, ιουλίου|ιούλιος|ιουλ, αυγούστου|αύγουστος|αυγ, σεπτεμβρίου|σεπτέμβριος|σεπ|σεπτ, οκτωβρίου|οκτώβριος|οκτ, νοεμβρίου|νοέμβριος|νοε, δεκεμβρίου|δεκέμβριος|δεκ
tr: ocak|oca, şubat|şub, mart|mar, nisan|nis, mayıs|may, haziran|haz, temmuz|tem, ağustos|ağu, eylül|eyl, ekim|eki, kasım|kas, aralık|ara
az: yanvar|yan, fevral|fev, mart, aprel|apr, may, iyun, iyul, avqust|avq, sentyabr|sen, oktyabr|okt, noyabr|noy, dekabr|dek
et: jaanuar|jaan, veebruar|veebr, märts, aprill|apr, mai, juuni, juuli, august|aug, september|sept, oktoober|okt, november|nov, detsember|dets
lv: janvāris|janvārī|janv, februāris|februārī|febr, marts|martā, aprīlis|aprīlī|apr, maijs|maijā, jūnijs|jūnijā|jūn, jūlijs|jūlijā|jūl, augusts|augustā|aug, septembris|septembrī|sept, oktobris|oktobrī|okt, novembris|novembrī|nov, decembris|decembrī|dec
lt: sausio|sausis, vasario|vasaris, kovo|kovas, balandžio|balandis, gegužės|gegužė, birželio|birželis, liepos|liepa, rugpjūčio|rugpjūtis, rugsėjo|rugsėjis, spalio|spalis, lapkričio|lapkritis, gruodžio|gruodis
ca: gener|gen, febrer|febr, març, abril|abr, maig, juny, juliol|jul, agost|ag, setembre|set, octubre|oct, novembre|nov, desembre|des
gl: xaneiro|xan, febreiro|feb, marzo|mar, abril|abr, maio|mai, xuño|xuñ, xullo|xul, agosto|ago, setembro|set, outubro|out, novembro|nov, decembro|dec
sq: janar, shkurt, mars, prill, maj, qershor, korrik, gusht, shtator, tetor, nëntor, dhjetor
ar: يناير|كانون الثاني|جانفي, فبراير|شباط|فيفري, مارس|آذار, أبريل|إبريل|نيسان|أفريل, مايو|أيار|ماي, يونيو|يونيه|حزيران|جوان, يوليو|يوليه|تموز|جويلية, أغسطس|آب|أوت, سبتمبر|أيلول, أكتوبر|تشرين الأول, نوفمبر|تشرين الثاني, ديسمبر|كانون الأول
fa: ژانویه, فوریه, مارس, آوریل, مه|می, ژوئن, ژوئیه|جولای, اوت|آگوست, سپتامبر, اکتبر, نوامبر, دسامبر
ur: جنوری, فروری, مارچ, اپریل, مئی, جون, جولائی, اگست, ستمبر, اکتوبر, نومبر, دسمبر
he: ינואר|בינואר|ינו, פברואר|בפברואר|פבר, מרץ|במרץ|מרס|במרס, אפריל|באפריל|אפר, מאי|במאי, יוני|ביוני, יולי|ביולי, אוגוסט|באוגוסט|אוג, ספטמבר|בספטמבר|ספט, אוקטובר|באוקטובר|אוק, נובמבר|בנובמבר|נוב, דצמבר|בדצמבר|דצמ
hi: जनवरी|जन, फरवरी|फ़रवरी|फर, मार्च, अप्रैल, मई, जून, जुलाई, अगस्त, सितंबर|सितम्बर|सित, अक्टूबर|अक्तूबर|अक्टू, नवंबर|नवम्बर|नव, दिसंबर|दिसम्बर|दिस
mr: जानेवारी, फेब्रुवारी, मार्च, एप्रिल, मे, जून, जुलै, ऑगस्ट, सप्टेंबर, ऑक्टोबर, नोव्हेंबर, डिसेंबर
bn: জানুয়ারি|জানুয়ারী, ফেব্রুয়ারি|ফেব্রুয়ারী, মার্চ, এপ্রিল, মে, জুন, জুলাই, আগস্ট, সেপ্টেম্বর, অক্টোবর, নভেম্বর, ডিসেম্বর
ta: ஜனவரி, பிப்ரவரி, மார்ச், ஏப்ரல், மே, ஜூன், ஜூலை, ஆகஸ்ட், செப்டம்பர், அக்டோபர், நவம்பர், டிசம்பர்
id: januari|jan, februari|feb|pebruari, maret|mar, april|apr, mei, juni|jun, juli|jul, agustus|agu|agt|ags, september|sep|sept, oktober|okt, november|nov|nopember, desember|des
ms: januari|jan, februari|feb, mac, april|apr, mei, jun, julai|jul, ogos|ogo, september|sep, oktober|okt, november|nov, disember|dis
sw: januari, februari, machi, aprili, mei, juni, julai, agosti, septemba, oktoba, novemba, desemba
af: januarie|jan, februarie|feb, maart|mrt, april|apr, mei, junie|jun, julie|jul, augustus|aug, september|sept, oktober|okt, november|nov, desember|des
tl: enero, pebrero, marso, abril, mayo, hunyo, hulyo, agosto, setyembre, oktubre, nobyembre, disyembre
th: มกราคม|ม.ค, กุมภาพันธ์|ก.พ, มีนาคม|มี.ค, เมษายน|เม.ย, พฤษภาคม|พ.ค, มิถุนายน|มิ.ย, กรกฎาคม|ก.ค, สิงหาคม|ส.ค, กันยายน|ก.ย, ตุลาคม|ต.ค, พฤศจิกายน|พ.ย, ธันวาคม|ธ.ค
ka: იანვარი|იანვარს|იან, თებერვალი|თებ, მარტი|მარტს|მარ, აპრილი|აპრ, მაისი|მაისს|მაი, ივნისი|ივნ, ივლისი|ივლ, აგვისტო|აგვ, სექტემბერი|სექ, ოქტომბერი|ოქტ, ნოემბერი|ნოე, დეკემბერი|დეკ
hy: հունվարի|հունվար, փետրվարի|փետրվար, մարտի|մարտ, ապրիլի|ապրիլ, մայիսի|մայիս, հունիսի|հունիս, հուլիսի|հուլիս, օգոստոսի|օգոստոս, սեպտեմբերի|սեպտեմբեր, հոկտեմբերի|հոկտեմբեր, նոյեմբերի|նոյեմբեր, դեկտեմբերի|դեկտեմբեր
kk: қаңтар, ақпан, наурыз, сәуір, мамыр, маусым, шілде, тамыз, қыркүйек, қазан, қараша, желтоқсан
"""
)

PERSIAN_MONTHS = _table(
    "fa: فروردین, اردیبهشت, خرداد, تیر, مرداد|امرداد, شهریور, مهر, آبان, آذر, دی, بهمن, اسفند"
)["fa"]

SIBLINGS = {"nb": "no", "nn": "no", "bs": "sr", "sh": "sr", "cnr": "sr", "in": "id", "iw": "he", "fil": "tl"}
"""Languages that read another one's tables."""


def month_table(language: str | None) -> Mapping[str, int]:
    """Month words of that language, and those of all others that mean one month wherever they are used."""
    code = primary(language)
    if code not in _MONTH_TABLES:
        _MONTH_TABLES[code] = _BY_ALL | _numbered(MONTHS.get(code, ()))
    return _MONTH_TABLES[code]


def primary(language: str | None) -> str:
    """The language without its region: `pt-BR` is `pt`."""
    code = (language or "").lower().replace("_", "-").partition("-")[0]
    return SIBLINGS.get(code, code)


def _numbered(months: Iterable[tuple[str, ...]]) -> dict[str, int]:
    return {word: number for number, words in enumerate(months, start=1) for word in words}


def _agreed() -> dict[str, int]:
    meanings: dict[str, set[int]] = {}
    for months in MONTHS.values():
        for word, number in _numbered(months).items():
            meanings.setdefault(word, set()).add(number)
    return {word: min(numbers) for word, numbers in meanings.items() if len(numbers) == 1}


_BY_ALL = _agreed()
_MONTH_TABLES: dict[str, Mapping[str, int]] = {}
MONTH_WORDS = tuple(sorted({w for t in MONTHS.values() for m in t for w in m}, key=lambda w: (-len(w), w)))
PERSIAN_MONTH = _numbered(PERSIAN_MONTHS)

WEEKDAYS = phrases(
    """monday|mon|tuesday|tues|tue|wednesday|wed|thursday|thurs|thur|thu|friday|fri|saturday|sat|sunday|sun
montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so
lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mer|jeu|ven|sam|dim
lunes|martes|miércoles|jueves|viernes|sábado|domingo|mié|jue|vie|sáb
lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|gio|dom
segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|segunda|terça|quarta|quinta|sexta
maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|wo|vr|za|zo
måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag|mandag|tirsdag|lørdag|søndag|mån|tis|ons|tors|tor|fre|lör|sön|lør|søn|tir|man
maanantaina|tiistaina|keskiviikkona|torstaina|perjantaina|lauantaina|sunnuntaina|ke|pe|la|su
mánudagur|þriðjudagur|miðvikudagur|fimmtudagur|föstudagur|laugardagur|sunnudagur
poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|pon|śr|czw|pt|sob|niedz
pondělí|úterý|středa|čtvrtek|pátek|neděle|pondelok|utorok|streda|štvrtok|piatok|nedeľa
hétfő|kedd|szerda|csütörtök|péntek|szombat|vasárnap
luni|marți|miercuri|joi|vineri|sâmbătă|duminică
понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс
понеділок|вівторок|середа|четвер|п'ятниця|субота|неділя|понеделник|сряда|четвъртък|петък|събота
ponedjeljak|utorak|srijeda|četvrtak|petak|subota|nedjelja|ponedeljak|sreda|nedelja|ponedeljek|torek|četrtek|petek
δευτέρα|τρίτη|τετάρτη|πέμπτη|παρασκευή|σάββατο|κυριακή
pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar
الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد|شنبه|یکشنبه|دوشنبه|سه شنبه|چهارشنبه|پنجشنبه|جمعه
יום ראשון|יום שני|יום שלישי|יום רביעי|יום חמישי|יום שישי|שבת
सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार|रविवार|senin|selasa|rabu|kamis|jumat|sabtu|minggu|ahad
thứ hai|thứ ba|thứ tư|thứ năm|thứ sáu|thứ bảy|chủ nhật
星期一|星期二|星期三|星期四|星期五|星期六|星期日|周一|周二|周三|周四|周五|周六|周日|월요일|화요일|수요일|목요일|금요일|토요일|일요일
月曜日|火曜日|水曜日|木曜日|金曜日|土曜日|日曜日|月|火|水|木|金|土|日|월|화|수|목|금|토|일|一|二|三|四|五|六
วันจันทร์|วันอังคาร|วันพุธ|วันพฤหัสบดี|วันศุกร์|วันเสาร์|วันอาทิตย์"""
)

FILLERS = phrases(
    """ora|orele|at|on|the|of|by|as of|hrs|local time|time|um|uhr|am|vom|den|der|le|la|las|el|los|a|à|aux|les|de|del|du|heure de|heure|heures|horas|hora|hs
às|as|em|no dia|alle|alle ore|ore|ore:|om|op|kl|klo|kello|klokken|klockan|kell|plkst|val|godz|godzina|o|o godz|r|w dniu|dnia|v|ve|dne|hod|u|ob
в|о|об|от|ч|час|г|года|год|року|р|год|час.|ώρα|στις|την|saat|saati|tarihinde|tarih|da|de|in data|data|date|dated|datum|fecha
في|الساعة|بتاريخ|يوم|ساعت|تاریخ|روز|ב|ב-|בשעה|ביום|ה-|को|बजे|समय|at:|on:|time:|pukul|pk|jam|lúc|ngày|vào|gio|giờ|ngày:
gada|m|d|e|n|st|klo:|na|ni|i|และ|เวลา|น|วันที่|시|時|点|分|日|の|につ|现在|現在|klukkan|kl:|ur|uur|h|pm/|online seit|,"""
)

FALSE_MERIDIEM = frozenset({"de", "nl", "af", "sv", "no", "da", "fi", "fr", "it", "pl", "ru", "tr", "cs"})
"""Languages whose `am` is a word ("um 9.30 am 5. Mai") or which never write am and pm: it is no part of the time."""

MERIDIEMS = {
    fold(word): meridiem
    for meridiem, words in {
        "am": "am|a.m|a. m|午前|上午|凌晨|早上|清晨|오전|π.μ|πμ|صباحا|صباحاً|ص|ق.ظ|पूर्वाह्न|sa|öö",
        "pm": "pm|p.m|p. m|午後|下午|晚上|傍晚|中午|오후|μ.μ|μμ|مساء|مساءً|م|ب.ظ|अपराह्न|ch|ös",
    }.items()
    for word in words.split("|")
}
LEADING_MERIDIEMS = frozenset(fold(w) for w in ["午前", "上午", "凌晨", "早上", "清晨", "오전", "午後", "下午", "晚上", "傍晚", "中午", "오후", "öö", "ös"])

DAYS = {
    offset: {language: phrases(words) for language, words in table.items()}
    for offset, table in {
        0: {
            "en": "today", "de": "heute", "fr": "aujourd'hui|aujourd’hui", "es": "hoy", "it": "oggi", "pt": "hoje",
            "nl": "vandaag", "sv": "idag|i dag", "no": "i dag", "da": "i dag", "fi": "tänään", "is": "í dag",
            "pl": "dzisiaj|dziś|dzis", "cs": "dnes", "sk": "dnes", "hu": "ma", "ro": "astăzi|azi", "bg": "днес",
            "ru": "сегодня", "uk": "сьогодні", "sr": "danas|данас", "hr": "danas", "sl": "danes", "el": "σήμερα",
            "tr": "bugün", "ar": "اليوم", "fa": "امروز", "he": "היום", "hi": "आज", "id": "hari ini", "vi": "hôm nay",
            "ja": "今日|本日", "zh": "今天|今日", "ko": "오늘", "et": "täna", "lv": "šodien", "lt": "šiandien", "ca": "avui",
        },
        -1: {
            "en": "yesterday", "de": "gestern", "fr": "hier", "es": "ayer", "it": "ieri", "pt": "ontem",
            "nl": "gisteren", "sv": "igår|i går", "no": "i går", "da": "i går", "fi": "eilen", "is": "í gær",
            "pl": "wczoraj", "cs": "včera", "sk": "včera", "hu": "tegnap", "ro": "ieri", "bg": "вчера",
            "ru": "вчера", "uk": "вчора", "sr": "juče|јуче", "hr": "jučer", "sl": "včeraj", "el": "χθες|χτες",
            "tr": "dün", "ar": "أمس", "fa": "دیروز", "he": "אתמול", "hi": "कल", "id": "kemarin", "vi": "hôm qua",
            "ja": "昨日", "zh": "昨天|昨日", "ko": "어제", "et": "eile", "lv": "vakar", "lt": "vakar", "ca": "ahir",
        },
    }.items()
}  # fmt: skip

UNITS = {
    "second": phrases(
        "second|seconds|sec|secs|s|sekunde|sekunden|sek|seconde|secondes|segundo|segundos|secondo|secondi|sekund|sekunder|sekunda"
        "|sekundy|секунд|секунду|секунды|saniye|ثانية|ثوان|שניות|秒|초|detik|giây|secunde|δευτερόλεπτα|másodperce"
    ),
    "minute": phrases(
        "minute|minutes|min|mins|m|minuten|minuto|minutos|minuti|minuut|minut|minuter|minutter|minuuttia|minuutti|minuty"
        "|minutami|minútami|perce|мин|минут|минуту|минуты|хвилин|хвилини|хвилину|минути|dakika|dk|λεπτά|λεπτό|minuta|minute|minut"
        "|دقيقة|دقائق|دقیقه|דקות|דקה|मिनट|মিনিট|menit|phút|分|分鐘|分钟|분|นาที|minit|mínútum|minučių|minūtēm|minutit"
    ),
    "hour": phrases(
        "hour|hours|hr|hrs|h|stunde|stunden|std|heure|heures|hora|horas|ora|ore|uur|uren|timme|timmar|tim|time|timer|tuntia|tunti"
        "|godzin|godziny|godzinę|hodinami|hodinou|hodinu|hodin|órája|órával|час|часа|часов|години|годин|годину|saat|ώρες|ώρα|sat|sata|sati"
        "|ساعة|ساعات|ساعت|שעות|שעה|घंटे|घंटा|ঘণ্টা|jam|giờ|時間|小時|小时|시간|ชั่วโมง|klst|klukkustundum|valandų|valandas|stundām|tundi"
    ),
    "day": phrases(
        "day|days|d|tag|tage|tagen|jour|jours|día|días|dia|dias|giorno|giorni|dag|dagen|dagar|dage|dager|päivää|päivä|dni|dzień|dny|dnem"
        "|dňami|nap|napja|zile|zi|день|дня|дней|дні|днів|дни|gün|ημέρες|ημέρα|μέρες|dana|dan|يوم|أيام|روز|ימים|יום|दिन|দিন|hari|ngày|日|天"
        "|일|วัน|dögum|dienų|dienām|päeva"
    ),
    "week": phrases(
        "week|weeks|wk|wks|w|woche|wochen|semaine|semaines|semana|semanas|settimana|settimane|weken|vecka|veckor|uke|uker|uge|uger|viikkoa"
        "|viikko|tydzień|tygodnie|tygodni|týdny|týdnem|hete|săptămâni|săptămână|неделю|недели|недель|тижні|тижнів|hafta|εβδομάδες"
        "|أسبوع|أسابيع|هفته|שבועות|שבוע|हफ्ते|minggu|tuần|週間|周|週|주|สัปดาห์|vikum"
    ),
}

DUALS = {fold(word): unit for word, unit in {"ساعتين": "hour", "دقيقتين": "minute", "يومين": "day", "שעתיים": "hour", "יומיים": "day", "שבועיים": "week"}.items()}
"""Words that say "two hours" and the like by themselves."""

ONE = phrases("a|an|one|un|une|una|uno|um|uma|een|ein|eine|einer|einem|einen|en|et|ett|o|egy|bir|один|одну|μία|μια|ένα")
AGO_BEFORE = phrases("vor|il y a|hace|há|ha|för|for|fyrir|před|pred|πριν από|πριν|acum|منذ|قبل|לפני|преди|prije|pre|pirms|prieš|fa")
AGO_AFTER = phrases(
    "ago|geleden|sedan|siden|sitten|temu|назад|тому назад|тому|önce|fa|前|전|पहले|आगे|yang lalu|lalu|trước|ที่แล้ว|ที่ผ่านมา|پیش|قبل"
    "|atrás|tagasi|síðan|enne|আগে|अगोदर|in fa"
)
NOW = phrases(
    "just now|moments ago|a moment ago|less than a minute ago|gerade eben|soeben|à l'instant|à l’instant|ahora mismo|hace instantes|agora mesmo"
    "|zojuist|just nu|akkurat nå|lige nu|juuri nyt|przed chwilą|právě teď|только что|щойно|az önce|şimdi|刚刚|剛剛|たった今|방금|방금 전|الآن"
)

UPDATED = phrases(
    """updated|updated on|updated at|last updated|last updated on|last updated at|last update|latest update|update|last modified|last modified on|modified|modified on
last edited|last edited on|edited|edited on|revised|last revised|amended|amended on|corrected|corrected on|date updated|date modified|recently updated|refreshed
this article was updated|this article was last updated|this article has been updated|this article was amended|this article was corrected|this article was last modified
this story was updated|this story was last updated|this story has been updated|this story was corrected|this page was updated|this page was last updated|this page was last modified|this page was last edited
this post was updated|this post was last updated|this post was last modified|this report was updated|this live blog was last updated|story updated|article updated|article last updated|article last modified
aktualisiert|aktualisiert am|zuletzt aktualisiert|zuletzt aktualisiert am|zuletzt aktualisiert:|letzte aktualisierung|aktualisierung|aktualisierte fassung|aktualisierte version|stand|stand des artikels|zuletzt geändert
zuletzt geändert am|geändert|geändert am|letzte änderung|ergänzt|ergänzt am|überarbeitet|zuletzt bearbeitet|zuletzt überarbeitet|update vom|letztes update|dieser artikel wurde aktualisiert|dieser artikel wurde zuletzt aktualisiert|artikel aktualisiert
mis à jour|mis a jour|mise à jour|mis à jour le|mise à jour le|mis à jour à|modifié|modifié le|modifié à|modifiée|dernière mise à jour|dernière mise à jour le|dernière modification|dernière modification le|actualisé|actualisé le|actualisée|article mis à jour|article modifié|article mis à jour le|article modifié le|maj|màj|maj le|màj le|màj à
actualizado|actualizada|actualizado el|actualizado a|actualizado a las|última actualización|ultima actualización|actualización|última actualización el|modificado|modificado el|última modificación|act|fecha de actualización
aggiornato|aggiornata|aggiornato il|aggiornato alle|aggiornato al|ultimo aggiornamento|aggiornamento|ultimo aggiornamento il|ultimo aggiornamento alle|modificato|modificato il|ultima modifica|articolo aggiornato
atualizado|atualizada|atualizado em|atualizado às|última atualização|ultima atualização|última atualização em|atualização|actualizado em|actualizado às|atualizada em|modificado em|última modificação em
bijgewerkt|bijgewerkt op|laatst bijgewerkt|laatst bijgewerkt op|laatste update|gewijzigd|laatst gewijzigd|laatst gewijzigd op|aangepast|laatst aangepast|geüpdatet|geupdate|geüpdatet op|geactualiseerd|laatste wijziging|opgedateer|laas opgedateer
uppdaterad|uppdaterat|uppdaterades|uppdaterad kl|senast uppdaterad|senast uppdaterat|senast ändrad|ändrad|uppdatering|artikeln uppdaterad|oppdatert|sist oppdatert|sist endret|endret|oppdatering|artikkelen er oppdatert|saken ble oppdatert
opdateret|opdateret den|senest opdateret|sidst opdateret|ændret|senest ændret|sidst ændret|redigeret|artiklen er opdateret|päivitetty|päivitetty viimeksi|viimeksi päivitetty|muokattu|viimeksi muokattu|päivittynyt|uppfært|síðast uppfært|breytt
aktualizacja|ostatnia aktualizacja|zaktualizowano|zaktualizowany|zaktualizowane|aktualizowano|aktual|data aktualizacji|zmodyfikowano|ostatnia modyfikacja|uaktualniono|uaktualnienie|ostatnio aktualizowano|akt
aktualizováno|aktualizace|poslední aktualizace|aktualizováno dne|upraveno|doplněno|změněno|aktualizované|aktualizácia|posledná aktualizácia|upravené|zmenené|aktualizovaný|naposledy upraveno|naposledy aktualizováno
frissítve|frissítés|frissült|utolsó frissítés|utoljára frissítve|módosítva|módosult|utolsó módosítás|frissítette|actualizat|actualizată|actualizat la|actualizare|ultima actualizare|ultima modificare|modificat|modificat la|data actualizării
обновлено|обновлен|обновлён|обновлена|обновление|последнее обновление|дата обновления|изменено|последнее изменение|дополнено|отредактировано|исправлено|материал обновлен|новость обновлена|статья обновлена
оновлено|оновлена|останнє оновлення|оновлення|змінено|доповнено|абноўлена|апошняе абнаўленне|обновена|обновено|последна промяна|последна актуализация|актуализирана|актуализирано|редактирана|ажурирано|ажурирана|измењено|последна измена|ажурирање
ažurirano|zadnje ažuriranje|posljednje ažuriranje|poslednje ažuriranje|zadnja izmjena|posljednja izmjena|zadnja izmena|poslednja izmena|izmenjeno|izmijenjeno|osvježeno|dopunjeno|osveženo|zadnja promjena|posodobljeno|nazadnje posodobljeno|zadnja posodobitev
ενημερώθηκε|ενημέρωση|τελευταία ενημέρωση|ανανεώθηκε|ανανέωση|τελευταία ανανέωση|τελευταία τροποποίηση|τροποποιήθηκε|επικαιροποιήθηκε|επικαιροποίηση
güncelleme|güncellenme|güncellendi|son güncelleme|son güncellenme|son güncelleme tarihi|son güncellenme tarihi|güncellenme tarihi|güncelleme tarihi|yenilənib|yeniləndi|son yenilənmə|yenilənmə
آخر تحديث|اخر تحديث|تحديث|تم التحديث|تم التحديث في|تم تحديثه|تم تحديثه في|محدث|محدثة|محدّث|حدث في|تاريخ التحديث|آخر تعديل|عدل في|تعديل|به روز رسانی|به‌روزرسانی|بروزرسانی|بهروزرسانی|آخرین به‌روزرسانی|آخرین بروزرسانی|به روز شده|به‌روز شده|به‌روز شده در|تاریخ به روز رسانی|آخری اپ ڈیٹ|اپ ڈیٹ|اپڈیٹ
עודכן|עודכן ב|עודכן ב-|עודכן לאחרונה|עדכון אחרון|עודכנה|עדכון|עודכן בתאריך|अपडेटेड|अपडेट|अंतिम अपडेट|लास्ट अपडेट|अद्यतन|संशोधित|अपडेट किया गया|अपडेटेड|अद्ययावत|আপডেট|সর্বশেষ আপডেট|হালনাগাদ|শেষ আপডেট|আপডেট:|புதுப்பிக்கப்பட்டது|கடைசி புதுப்பிப்பு
diperbarui|diperbaharui|terakhir diperbarui|pembaruan terakhir|diupdate|update terakhir|dikemas kini|kemas kini|kemas kini terakhir|kemaskini|dikemaskini|cập nhật|cập nhật lần cuối|cập nhật lúc|cập nhật ngày|lần cuối cập nhật|sửa đổi lần cuối|imesasishwa|ilisasishwa|imeboreshwa|huling na-update
อัปเดต|อัพเดต|อัพเดท|อัปเดตล่าสุด|อัปเดตเมื่อ|แก้ไขล่าสุด|ปรับปรุงล่าสุด|ปรับปรุง|แก้ไขเมื่อ|更新|更新日|更新日時|最終更新|最終更新日|最終更新日時|更新時間|更新时间|更新於|更新于|更新日期|最后更新|最後更新|最后更新时间|最後更新時間|最近更新|最新更新|最后更新于|最後更新於|更新至|修改时间|修改|改稿|修正|数据更新
수정|최종수정|최종 수정|수정일|수정 시간|기사수정|업데이트|최종 업데이트|최종업데이트|갱신|최신수정|마지막 업데이트|마지막 수정|uuendatud|viimati uuendatud|muudetud|atjaunots|atjaunināts|atjaunota|papildināts|labots|atnaujinta|papildyta|atnaujinimas|paskutinį kartą atnaujinta|redaguota
actualitzat|actualitzada|actualitzat el|actualitzat a les|actualització|última actualització|darrera actualització|modificat el|actualizado o|última actualización ás|përditësuar|përditësimi i fundit|განახლებულია|განახლდა|ბოლო განახლება|թարմացվել է|թարմացված|жаңартылған|жаңартылды|yangilangan"""
)

OF_THE_PAGE = "this page"
"""How labels begin that speak of the page, whatever of it was touched. They need a better witness."""

OTHERS = phrases(
    """privacy policy|cookie policy|cookies policy|privacy notice|terms|terms of use|terms of service|terms and conditions|privacy|cookies|datenschutz|nutzungsbedingungen|agb|impressum|confidentialité|mentions légales
conditions générales|privacidad|términos|condiciones|política|aviso legal|riservatezza|informativa|termini|privacidade|termos|privacybeleid|voorwaarden|integritetspolicy|villkor|personvern|vilkår
privatlivspolitik|tietosuoja|käyttöehdot|prywatności|regulamin|soukromí|podmínky|конфиденциальности|соглашение|правила|умови|gizlilik|koşulları|سياسة|الخصوصية|プライバシー|規約|隐私|條款|条款|개인정보|απορρήτου|όροι|adatvédelmi|confidențialitate"""
)
"""What else on a page is updated: its rules. A label after such a word is theirs."""

PUBLISHED = phrases(
    """published|published on|published at|published date|posted|posted on|posted at|submitted|submitted on|first published|first published on|first posted|originally published|originally published on|publication date|date published|publish date
original|originally posted|written|created|issued|released|release date|added|date posted|this article was published|this article was first published|this article was originally published|this story was published|this story was originally published|this article is from|pub date|pub|this page was published|this page was first published|this page was originally published|this post was published|this post was originally published
veröffentlicht|veröffentlicht am|publiziert|publiziert am|erschienen|erschienen am|erstveröffentlichung|erstellt|erstellt am|zuerst veröffentlicht|veröffentlichung|veröffentlichungsdatum|online seit|erstpublikation|eingestellt am|veröffentlicht um
publié|publiée|publié le|publié à|paru le|créé|créé le|mis en ligne|mis en ligne le|publication|date de publication|posté le|première publication|article publié|article publié le|diffusé le
publicado|publicada|publicado el|publicado a las|publicado a|publicación|fecha de publicación|creado|creado el|publicado:|creada
pubblicato|pubblicata|pubblicato il|pubblicato alle|pubblicazione|data di pubblicazione|creato|creato il|prima pubblicazione|inserito il|articolo pubblicato il
publicado em|publicada em|publicado às|publicação|data de publicação|criado em|postado em|gepubliceerd|gepubliceerd op|geplaatst|geplaatst op|publicatiedatum|aangemaakt|gepubliseer|publikasiedatum
publicerad|publicerat|publicerades|publicerad kl|först publicerad|skapad|artikeln publicerad|publisert|først publisert|lagt ut|lagt ut på nett|opprettet|publiceret|publiceret den|udgivet|offentliggjort|oprettet|først publiceret|julkaistu|luotu|ensijulkaisu|birt|birtist|útgefið
opublikowano|opublikowany|publikacja|data publikacji|utworzono|dodano|data dodania|data utworzenia|publikováno|vydáno|zveřejněno|vytvořeno|publikované|zverejnené|vydané|pridané|vytvorené|megjelent|közzétéve|publikálva|létrehozva|publicat|publicată|publicat la|data publicării|publicare|creat
опубликовано|опубликована|опубликован|дата публикации|публикация|создано|размещено|добавлено|опубліковано|опублікована|дата публікації|створено|апублікавана|публикувана|публикувано|публикувана на|објављено|објавено|објава|објавена
objavljeno|objava|objavljen|objavljeno:|datum objave|kreirano|prvi put objavljeno|δημοσιεύτηκε|δημοσίευση|δημοσιεύθηκε|δημοσιευμένο|ημερομηνία δημοσίευσης|ανάρτηση|αναρτήθηκε|πρώτη δημοσίευση
giriş|giriş tarihi|yayınlanma|yayınlanma tarihi|yayımlanma|yayımlanma tarihi|yayın tarihi|oluşturulma|oluşturulma tarihi|yayınlandı|yayımlandı|eklenme|eklenme tarihi|haber giriş|ilk yayın|dərc edilib|yayımlanıb
نشر|نشرت|نشر في|نشر في:|تاريخ النشر|تم النشر|تم النشر في|نُشر|نُشرت|نشر بتاريخ|تاريخ الإضافة|تاریخ انتشار|انتشار|منتشر شده|منتشر شده در|زمان انتشار|تاریخ اشاعت|اشاعت|شائع
פורסם|פורסם ב|פורסם ב-|פורסמה|תאריך פרסום|פרסום|פורסם לראשונה|प्रकाशित|पब्लिश्ड|पब्लिश|प्रकाशन|प्रथम प्रकाशित|प्रकाशित तिथि|প্রকাশ|প্রকাশিত|প্রকাশের সময়|வெளியிடப்பட்டது
diterbitkan|dipublikasikan|dipublikasi|terbit|tayang|dibuat|tanggal terbit|diposting|disiarkan|diterbitkan pada|tarikh terbit|đăng|đăng lúc|đăng ngày|ngày đăng|xuất bản|ngày xuất bản|đăng tải|iliyochapishwa|imechapishwa|nailathala
เผยแพร่|เผยแพร่เมื่อ|วันที่เผยแพร่|โพสต์เมื่อ|公開|公開日|公開日時|配信|配信日時|掲載|掲載日|投稿日|発行|発表|发布|发布时间|发布日期|发表|发表于|发布于|發布|發佈|發布時間|發佈時間|發表|發表於|發佈於|出版時間|刊登|上架
입력|기사입력|최초입력|최초 입력|등록|기사등록|승인|기사승인|발행|발행일|게시|게재|작성|송고|작성일|등록일|avaldatud|publicēts|publicēta|paskelbta|publikuota|paskelbta:|publicat el|publicada el|publicat a les|creat el|publicado o|publikuar|გამოქვეყნდა|გამოქვეყნებულია|հրապարակվել է|жарияланған|e'lon qilingan"""
)
