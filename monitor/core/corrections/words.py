# ruff: noqa: E501  # a row of a table is a line
"""The words in which notes say what they correct, and those that every note has. Data, in the languages of the news."""

from functools import cache

import regex

from monitor.core.article import FactKind, Field
from monitor.core.diff.tokens import UNSPACED

PLACES = {
    Field.HEADLINE: "headlines?|überschrift|schlagzeile|titel|titre|titular|título|titolo|manchete|kop|rubrik(?:en)?|overskrift(?:en)?|tittel(?:en)?|otsikko\\w*|tytuł\\w*|nagłów\\w*|titul\\w*|nadpis\\w*|заголов\\w*|τίτλο\\w*|főcím\\w*|címe?b?en|titlul\\w*|başlı[kğ]\\w*|عنوان|العنوان|تیتر|כותרת|הכותרת|शीर्षक|শিরোনাম\\w*|見出し|タイトル|标题|標題|제목\\w*|พาดหัว\\w*|หัวข้อข่าว|tiêu đề|judul\\w*",
    Field.CAPTIONS: "captions?|bildunterschrift|bildtext(?:en)?|légende|pie de foto|didascalia|legenda|bijschrift|onderschrift|billedtekst(?:en)?|bildetekst(?:en)?|kuvateksti\\w*|podpis\\w* (?:pod )?\\w*|подпис\\w* (?:к|под) \\w+|підпис\\w* \\w+|λεζάντα\\w*|képaláír\\w*|fotoğraf altı\\w*|التعليق على الصورة|שרשור תמונה|כיתוב|写真説明|图片说明|圖片說明|사진 설명|คำบรรยายภาพ|chú thích ảnh",
    Field.STANDFIRST: "standfirst|subhead(?:line|ing)?|sub-heading|sub-headline|vorspann|unterzeile|teaser|chapô|entradilla|bajada|sommario|subtítulo|sottotitolo|ingress(?:en)?|manchet|ingressi\\w*|perex\\w*|подзаголов\\w*|підзаголов\\w*|alt başlı\\w*|リード文|导语|導語|부제\\w*",
    Field.BYLINE: "bylines?|autorenzeile|signature de l'article|firma de la nota|byline\\w*",
}  # fmt: skip

KINDS = {
    FactKind.NAME: "names?|named|misspell\\w*|misspelt|spelling|spelt|spelled|surnames?|misnamed|misidentified|nam(?:e|en|ens)|falsch geschrieben|schreibweise|nachname\\w*|noms?|orthographi\\w*|prénom|nombres?|apellidos?|nomes?|sobrenome|cognome|nome|grafia|naam|namen|namnet?|navnet?|nimi\\w*|nazwisk\\w*|imię|imieni\\w*|jmén\\w*|příjmení|имя|имени|фамили\\w*|прізвищ\\w*|ім'я|όνομα|ονόματ\\w*|név\\w*|neve|numele|adı|soyadı|ismi|اسم|نام|שם|שמו|שמה|नाम|নাম|氏名|名前|姓名|名字|이름\\w*|성명|ชื่อ|tên|nama",
    FactKind.NUMBER: "numbers?|figures?|totals?|tolls?|ages?|aged|years?|growth|rises?|increases?|decreases?|\\w*preis\\w*|anstieg|prix|hausse|baisse|precios?|aumento|preços?|prezz[io]|prijs\\w*|pris(?:et|en)?|cen[ayu]|wzrost\\w*|růst\\w*|цен[аыу]|рост\\w*|зростання|ціна|fiyat\\w*|سعر|ثمن|מחיר|価格|値段|价格|價格|가격|ราคา|giá|currenc\\w*|währung\\w*|devises?|moneda|moeda|valuta\\w*|валют\\w*|sums?|costs?|amounts?|prices?|percent\\w*|dates?|zahl\\w*|anzahl|alter|jahr\\w*|kosten|summe|betrag|datum|nombre de|chiffres?|âge|année|montant|coût|cifras?|número|edad|año|cantidad|coste|idade|ano|valor|numero|età|anno|cifra|importo|aantal|leeftijd|jaartal|bedrag|antalet?|åldern?|siffr\\w*|årtal\\w*|antall\\w*|alder\\w*|beløp\\w*|lukumäär\\w*|vuosi\\w*|ikä\\w*|liczb\\w*|wiek\\w*|rok\\w*|kwot\\w*|počet\\w*|věk\\w*|částk\\w*|числ\\w*|количеств\\w*|возраст\\w*|сумм\\w*|год\\w*|кількіст\\w*|вік|віку|сум\\w*|αριθμ\\w*|ηλικία\\w*|ποσό|száma?\\w*|életkor\\w*|összeg\\w*|numărul|vârsta|suma|sayı\\w*|yaşı\\w*|tutar\\w*|عدد|عمر|مبلغ|تعداد|סכום|מספר|גיל|संख्या|उम्र|राशि|সংখ্যা|বয়স|人数|人數|数字|數字|年齢|年龄|金額|金额|숫자\\w*|인원\\w*|나이\\w*|금액\\w*|จำนวน|อายุ|số|tuổi|jumlah",
    FactKind.QUOTATION: "quot\\w*|misquot\\w*|comments?|remarks?|attribut\\w*|misattribut\\w*|zitat\\w*|zitiert\\w*|citation\\w*|cité\\w*|propos|citas?|frase|dichiarazion\\w*|citazion\\w*|citaç\\w*|citaat\\w*|citat\\w*|sitat\\w*|lainau\\w*|cytat\\w*|citát\\w*|цитат\\w*|слова|παράθε\\w*|idézet\\w*|alıntı\\w*|اقتباس|نقل قول|ציטוט\\w*|उद्धरण|উদ্ধৃতি|発言|引用|引述|발언\\w*|인용\\w*|คำพูด|trích dẫn",
}  # fmt: skip
"""What kind of thing a note says was wrong."""

YEAR = "years?|jahr\\w*|année|año|ano|anno|jaartal|jaar|årtal\\w*|år|året|vuosi\\w*|vuotta|rok|roku|letopočet|год\\w*|рік|року|έτος|év\\w*|anul|yıl\\w*|سنة|عام|سال|שנה|שנת|वर्ष|সাল|年|년도?|연도|năm|tahun"

PICTURE = "photo(?:graph)?s?|pictures?|images?|foto(?:s|grafie|graf[ií]as?)?|bild(?:er|es|et|en)?|aufnahme|imagen(?:es)?|imagem|immagine|billed(?:e|et)|bilde[rt]?|kuva\\w*|zdjęci\\w*|fotografi\\w*|снимк\\w*|фотографи\\w*|фото|світлин\\w*|φωτογραφία\\w*|fotoğraf\\w*|صورة|الصورة|עکس|تصویر|תמונה|התמונה|写真|照片|圖片|图片|사진|ภาพ|ảnh|foto"

ORDINALS = (
    "first|1st|ersten|premier|primer|primero|primo|primeiro|eerste|första|første|ensimmäi\\w*|pierwsz\\w*|prvním|перв\\w*|birinci|第一|第1|첫",
    "second|2nd|zweiten|deuxième|second|segundo|secondo|tweede|andra|andre|anden|toise\\w*|drug\\w*|druhém|втор\\w*|ikinci|第二|第2|두 번째",
    "third|3rd|dritten|troisième|tercer|tercero|terzo|terceiro|derde|tredje|kolman\\w*|trzeci\\w*|třetím|трет\\w*|üçüncü|第三|第3|세 번째",
    "fourth|4th|vierten|quatrième|cuarto|quarto|vierde|fjärde|fjerde|neljän\\w*|czwart\\w*|čtvrtém|четверт\\w*|четвёрт\\w*|dördüncü|第四|第4|네 번째",
    "fifth|5th|fünften|cinquième|quinto|vijfde|femte|viiden\\w*|piąt\\w*|pátém|пят\\w*|beşinci|第五|第5|다섯 번째",
)  # fmt: skip
PARAGRAPH = "paragraph|absatz|paragraphe|párrafo|paragrafo|parágrafo|alinea|stycket?|avsnitt\\w*|afsnit|kappale\\w*|akapi\\w*|odstav\\w*|абзац\\w*|paragraf\\w*|段落|段|문단"

_GENERIC = """
about added after again also amended an and apologise apologize article because been before by changed clarified clarify corrected correction
corrections correct date earlier edited editor editors error errors first for from given gave had has have headline incorrect incorrectly in inaccurate
is it its misspelled misstated misattributed mistake mistakenly more name named not note number of on original originally paragraph piece
previous previously published quote quotation regret reflect remove removed report reported reporting said say says second should since
spelled spelling stated state story text that the their there they this to updated update version was were which who with word wording would wrong
wrongly year years people
abschnitt aktualisiert angabe angaben anmerkung artikel artikels berichtigt berichtigung bitten dass dem den der des die diese dieser dieses
eine einem einen einer ersten falsch falsche fassung fehler frühere früheren geändert hieß hinweis ist korrektur korrigiert meldung name nicht
redaktion richtig stand stehen text ursprünglich ursprünglichen überschrift version vorherigen war waren wurde wurden zunächst sondern haben hatten
article avait avons cet cette citée citation correction corrigé corrigée dans date elle erreur erronée été était indiquait indiqué indiquions initialement la
le les mise modifié nom nombre note pas précédente précision première publié rectificatif rédaction texte titre une version pour avec écrit
anterior artículo artigo cambiado como con corrección correção corregida corregido corrigido corrigida del edición era erramos errata errónea erróneo erro error
esta este estava foi fue había informação información matéria nombre nome nota noticia para por primera publicado que redacción se sido texto título
uma una versão versión decía dizia diz
articolo aveva corretto correzione corrige della dello era errata errore indicato modificato nella non nota precedente redazione rettifica scritto stata stato
testo titolo versione nome
artikel bericht correctie eerdere een fout foutief gecorrigeerd gewijzigd in is naam niet redactie rectificatie stond tekst van versie was werd wordt
artikeln artiklen avdelingen en er fejl feil fel forkert förtydligande har ikke inte namn navn ret rettelse rettet rättad rättelse saken stod sto tidigare tidligere
texten teksten version versionen versjon versjonen var været vært
aiemmin aiemmassa artikkeli artikkelissa jutun jutussa korjattu korjaus kerrottiin nimi oikaisu oli väärin virheellisesti versiossa
artykułu autor był była było błąd błędne błędnie korekta poprzedniej sprostowanie tekst tekstu tekście wersji artykule podaliśmy został została
byla bylo bylo chyba chybně článek článku oprava opraveno předchozí původní textu uvedeno verzi
было была был версии в заметке исправление исправлено исправлена материале не неверно неверная ошибка ошибочно первоначальной поправка предыдущей редакция ранее
статье статьи текст тексте тексту уточнение указано указана указан что это этой заголовке
було була виправлення версії неправильно помилка помилково попередній редакція статті стаття тексті уточнення вказано
αρχική διόρθωση εκδοχή έκδοση άρθρο κείμενο λάθος ήταν προηγούμενη αναφερόταν
a az cikk cikkünk cikkben eredeti helyesbítés helyesen hibásan hibás korábbi szerepelt tévesen változat változatában verzió
articol articolului anterioară corectat eroare erată greșit inițială precizare rectificare versiune versiunea
bu daha düzeltildi düzeltme haber haberde haberin hata hatalı ilk olarak önceki sehven yanlış yanlışlıkla yazıldı yazılmıştı
"""
GENERIC = frozenset(_GENERIC.split())
"""Words that notes are made of: that one of them was exchanged somewhere says nothing."""


@cache
def _pattern(words: str) -> regex.Pattern[str]:
    # Scripts without spaces have no borders between words.
    letter = r"[\p{L}\p{M}\p{N}]"
    return regex.compile(
        rf"(?:(?<!{letter})|(?<=[{UNSPACED}]))(?:{words})(?:(?!{letter})|(?<=[{UNSPACED}\p{{Hangul}}]))",
        regex.IGNORECASE,
    )


def places_named(note: str) -> frozenset[Field]:
    """The fields that a note speaks of."""
    return frozenset(field for field, words in PLACES.items() if _pattern(words).search(note))


def kinds_named(note: str) -> frozenset[FactKind]:
    """What a note says was wrong: a name, a number, a quotation."""
    return frozenset(kind for kind, words in KINDS.items() if _pattern(words).search(note))


def names_year(note: str) -> bool:
    """Whether a note speaks of a year."""
    return _pattern(YEAR).search(note) is not None


def is_of_picture(note: str) -> bool:
    """Whether a note speaks of a picture, which is no part of the text, and of no caption."""
    return _pattern(PICTURE).search(note) is not None and Field.CAPTIONS not in places_named(note)


def paragraph_numbered(note: str) -> regex.Match[str] | None:
    """Where a note gives the paragraph that it speaks of as a number."""
    return _pattern(rf"(?:{PARAGRAPH})\s?(\d{{1,2}})|(\d{{1,2}})\.?\s?(?:{PARAGRAPH})").search(note)


def paragraph_named(note: str) -> int | None:
    """The paragraph of the body that a note speaks of, counted from 0."""
    numbered = paragraph_numbered(note)
    if numbered is not None:
        return max(0, int(numbered[1] or numbered[2]) - 1)
    for at, words in enumerate(ORDINALS):
        if _pattern(rf"(?:{words})\s?(?:{PARAGRAPH})").search(note):
            return at
    return None
