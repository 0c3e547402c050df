# ruff: noqa: E501  # a row of a table is a line
"""The words beside a number that belong to it: magnitudes, currencies, measures. Data, in the languages of the news.

"12 people" is no unit: what is counted is not listed here, only what it is measured in. Rows are `key: spellings`,
parted by commas; words that are inflected stand in each form that follows a number.
"""

from collections.abc import Mapping


def _table(rows: str) -> Mapping[str, str]:
    """Spelling -> key. Of three letters and more the case does not count."""
    table = {}
    for row in rows.strip().splitlines():
        key, _, spellings = row.partition(":")
        for spelling in spellings.split(","):
            table[plain(spelling.strip())] = key.strip()
    return table


def plain(word: str) -> str:
    """A short symbol is read as written (m is a metre, M a million); of a longer word the case does not count."""
    return word.casefold() if len(word) > 2 else word


_POWERS = _table(
    """
2: hundred, सौ, শত, 百, 백
3: thousand, tausend, tsd, tsd., mil, mila, duizend, tusen, tusind, tuhat, tuhatta, тысяча, тысячи, тысяч, тыс, тыс., тисяча, тисячі, тисяч, тис, тис., tysiąc, tysiące, tysięcy, tys, tys., tisíc, tisíce, ezer, bin, χιλιάδες, χιλ., ألف, آلاف, هزار, אלף, אלפים, हजार, हज़ार, হাজার, nghìn, ngàn, ribu, พัน, 千, 천
4: หมื่น, 万, 萬, 만
5: lakh, lakhs, लाख, লাখ, লক্ষ, แสน
6: million, millions, mln, mln., mio, mio., mill., millionen, millón, millones, milione, milioni, milhão, milhões, miljoen, miljon, miljoner, millioner, miljoona, miljoonaa, milj., миллион, миллиона, миллионов, млн, млн., мільйон, мільйона, мільйони, мільйонів, milion, miliony, milionów, milionů, millió, milyon, εκατομμύριο, εκατομμύρια, εκατ., مليون, ملايين, میلیون, מיליון, मिलियन, মিলিয়ন, মিলিয়ন, triệu, juta, ล้าน, 百万, 백만
7: crore, crores, करोड़, करोड़, কোটি, 천만
8: 億, 亿, 억
9: billion, billions, bln, bln., milliard, milliards, milliarde, milliarden, mrd, mrd., md, mds, miliardo, miliardi, mld, mld., bilhão, bilhões, miljard, miljarder, milliarder, miljardia, миллиард, миллиарда, миллиардов, млрд, млрд., мільярд, мільярда, мільярди, мільярдів, miliard, miliarda, miliardy, miliardów, miliardů, milliárd, milyar, δισεκατομμύρια, δισ., مليار, مليارات, میلیارد, מיליארד, अरब, বিলিয়ন, বিলিয়ন, tỷ, tỉ, miliar, พันล้าน, 十亿
12: trillion, trillions, billionen, billón, billones, trilhão, trilhões, триллион, триллиона, триллионов, трлн, трлн., трильйон, трильйонів, bilion, biliony, bilionów, trilyon, تريليون, تریلیون, טריליון, ट्रिलियन, ล้านล้าน, 兆, 万亿, 조
"""
)
POWERS: Mapping[str, int] = {word: int(power) for word, power in _POWERS.items()}

ATTACHED_POWERS: Mapping[str, int] = {
    "k": 3, "m": 6, "mn": 6, "mln": 6, "mio": 6, "bn": 9, "bln": 9, "mrd": 9, "mld": 9, "tn": 12, "trn": 12,
    "млн": 6, "млрд": 9, "тыс": 3,
}  # fmt: skip
"""Letters that stand right behind the figure: 5m, 3bn. Behind money also K, M and B."""
MONEY_POWERS: Mapping[str, int] = {"K": 3, "M": 6, "MM": 6, "B": 9, "T": 12, "b": 9}

ORDINALS = frozenset(
    (
        "st",
        "nd",
        "rd",
        "th",
        "er",
        "ers",
        "re",
        "e",
        "ème",
        "ième",
        "nde",
        "d",
        "º",
        "ª",
        "s",
        "es",
        "ste",
        "de",
        "й",
        "я",
        "е",
        "го",
        "х",
    )
)
"""Endings that make no unit: 13th, 2e, 1990s, 80er."""

CURRENCIES = _table(
    """
$: $, US$, USD, dollar, dollars, dólar, dólares, dollaro, dollari, dolar, dolara, dolarów, dolarlık, доллар, доллара, долларов, долл., долар, долара, доларів, دولار, دولارا, دولارات, دلار, דולר, דולרים, डॉलर, ডলার, ดอลลาร์, đô la, đô la Mỹ, 美元, 美金, 米ドル, ドル, 달러
€: €, EUR, euro, euros, ευρώ, евро, євро, eurot, euroa, يورو, یورو, יורו, אירו, यूरो, ইউরো, ยูโร, 欧元, 歐元, ユーロ, 유로
£: £, GBP, pound, pounds, pfund, livres sterling, libras, sterline, фунт, фунта, фунтов, фунтів, funt, funtów, جنيه, جنيها, پوند, 英镑, 英鎊, ポンド, 파운드
¥: ¥, ￥, JPY, yen, yens, иен, йен, єн, ين, ین, 日元, 日圆, 円, 엔
元: CNY, RMB, yuan, yuans, yuanes, юань, юаня, юаней, юанів, يوان, 元, 人民币, 人民幣, 위안
₹: ₹, INR, Rs, Rs., rupee, rupees, rupien, roupies, rupias, рупий, रुपये, रुपए, रुपया, روپیه
৳: ৳, BDT, taka, টাকা
₽: ₽, RUB, rouble, roubles, ruble, rubles, rubel, roubles, rublos, rubli, roebel, рубль, рубля, рублей, руб, руб., рублів, rubli, روبل
₴: ₴, UAH, hryvnia, hryvnias, hrywien, гривня, гривні, гривень, грн, грн.
zł: zł, PLN, zloty, zlotys, złoty, złote, złotych, злотых, злотих
₺: ₺, TL, TRY, lira, liras, lirası
fr: CHF, Fr, Fr., franken, francs, franc, franchi, francos
kr: kr, kr., SEK, NOK, DKK, kronor, kroner
R$: R$, BRL, reais
peso: peso, pesos, MXN, ARS
﷼: ﷼, ريال, ريالا, ریال
تومان: تومان
درهم: درهم, درهما, AED, dirham, dirhams
دينار: دينار, دينارا
₪: ₪, ILS, NIS, shekel, shekels, שקל, שקלים, ש"ח
₩: ₩, KRW, 원
฿: ฿, THB, baht, บาท
₫: ₫, VND, đồng, đ
Rp: Rp, IDR, rupiah
A$: A$, AUD
C$: C$, CAD
HK$: HK$, HKD, 港元, 港币
NT$: NT$, TWD, 新台币, 新臺幣
"""
)

MEASURES = _table(
    """
%: %, ٪, ％, percent, per cent, prozent, pour cent, por ciento, por cento, per cento, procent, prosent, prosenttia, proc., procenta, procentů, procentów, процент, процента, процентов, відсоток, відсотка, відсотки, відсотків, százalék, في المئة, بالمئة, في المائة, بالمائة, درصد, אחוז, אחוזים, प्रतिशत, फीसदी, फ़ीसदी, শতাংশ, เปอร์เซ็นต์, phần trăm, パーセント, 퍼센트
pp: pp, percentage point, percentage points, prozentpunkt, prozentpunkte, prozentpunkten, points de pourcentage, puntos porcentuales, pontos percentuais, punti percentuali, procentpunkter, процентных пункта, процентных пунктов, 个百分点, 個百分點, 퍼센트포인트
‰: ‰, promille
bp: bp, bps, basis points, basispunkte, basispunkten
°: °, º, degree, degrees, grad, degrés, grados, gradi, graus, graden, grader, astetta, градус, градуса, градусов, градусів, stopni, stopnie, derece, درجة, درجات, درجه, מעלות, डिग्री, ডিগ্রি, องศา, độ
°C: °C, ºC, ℃, degrees Celsius, Grad Celsius, degrees C, degrés Celsius, grados Celsius, °c, درجة مئوية, องศาเซลเซียส, 摄氏度, 攝氏度
°F: °F, ºF, ℉, degrees Fahrenheit
km: km, км, kilometre, kilometres, kilometer, kilometers, kilometern, kilomètre, kilomètres, kilómetro, kilómetros, chilometro, chilometri, quilômetros, quilómetros, kilometrów, kilometry, километр, километра, километров, кілометр, кілометра, кілометри, кілометрів, kilometre, كيلومترا, كيلومتر, كم, کیلومتر, ק"מ, קילומטר, קילומטרים, किलोमीटर, किमी, কিলোমিটার, กิโลเมตร, กม., กม, 公里, 千米, キロ, キロメートル, 킬로미터, 킬로미터, 킬로
m: m, м, metre, metres, meter, meters, metern, mètre, mètres, metros, metri, metrów, metry, метр, метра, метров, метрів, متر, مترا, أمتار, मीटर, মিটার, เมตร, mét, 米, メートル, 미터
cm: cm, см, centimetre, centimetres, centimeter, centimeters, zentimeter, zentimetern, centimètres, centímetros, centimetri, сантиметра, сантиметров, سنتيمتر, सेंटीमीटर, เซนติเมตร, 厘米, センチ, 센티미터
mm: mm, мм, millimetre, millimetres, millimeter, millimeters, millimètres, milímetros, millimetri, миллиметра, миллиметров, 毫米, ミリ, 밀리미터
mi: mile, miles, meile, meilen, millas, miglia, milhas, миль, мили, ميل, 英里, マイル, 마일
ft: ft, foot, feet, fuß, piedi, pieds, pés, 英尺, フィート, 피트
km/h: km/h, kmh, kph, км/ч, км/год, kilometres per hour, kilometers per hour, kilometres an hour, kilometers an hour, Kilometer pro Stunde, kilomètres-heure, kilómetros por hora, 公里每小时
mph: mph, miles per hour, miles an hour
km²: km², km2, sq km, square kilometres, square kilometers, Quadratkilometer, kilomètres carrés, kilómetros cuadrados, км², 平方公里, 平方キロ
m²: m², m2, sq m, square metres, square meters, Quadratmeter, mètres carrés, metros cuadrados, м², кв. м, 平方米, 平方メートル, 제곱미터
ha: hectare, hectares, hektar, hectáreas, ettari, hektarów, га, гектара, гектаров, гектарів, هكتار, هکتار, हेक्टेयर, 公顷, ヘクタール, 헥타르
acre: acre, acres, एकड़, एकड़
g: g, г, gram, grams, gramm, grammes, gramos, grammi, грамма, граммов, грам, 克, グラム, 그램
kg: kg, кг, kilogram, kilograms, kilogramm, kilogrammes, kilo, kilos, kilogramos, chili, килограмма, килограммов, кілограмів, kilogramów, كيلوغرام, کیلوگرم, किलोग्राम, किलो, কেজি, กิโลกรัม, 公斤, 千克, キログラム, 킬로그램
t: t, т, tonne, tonnes, ton, tons, tonnen, toneladas, tonnellate, ton, тонна, тонны, тонн, طن, تن, טון, टन, টন, ตัน, tấn, 吨, 噸, トン, 톤
lb: lb, lbs, pounds in weight, 磅
l: l, л, litre, litres, liter, liters, litern, litros, litri, литра, литров, літрів, litrów, لتر, لیتر, लीटर, লিটার, ลิตร, lít, 升, リットル, 리터
barrel: barrel, barrels, barril, barriles, barils, barili, barris, баррель, барреля, баррелей, барелів, برميل, بشکه, 桶, バレル, 배럴
kW: kW, кВт, kilowatts, Kilowatt, 千瓦
MW: MW, МВт, megawatt, megawatts, mégawatts, megavatios, мегаватт, 兆瓦, メガワット
GW: GW, ГВт, gigawatt, gigawatts, гигаватт
kWh: kWh, кВтч, kilowatt-hours, Kilowattstunden
MWh: MWh, МВтч
GWh: GWh
TWh: TWh
GB: GB, ГБ, gigabytes, Gigabyte
MB: MB, МБ, megabytes, Megabyte
am: am, a.m., a.m, AM, A.M., A.M
pm: pm, p.m., p.m, PM, P.M., P.M
年: 年, 年度, 년, 년도
月: 月, 월
日: 日, 일
時: 時, 时, 시
時間: 時間, 小时, 小時, 시간
h: h, ч
min: min, min., мин, хв
"""
)

MONEY_BEFORE = frozenset(
    (
        "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "RMB", "INR", "Rs", "RUB", "UAH", "PLN", "SEK", "NOK", "DKK", "AUD", "CAD",
        "HKD", "kr", "Fr", "Rp", "RM", "BRL", "TRY", "KRW", "VND", "THB", "AED",
    )
)  # fmt: skip
"""Codes and short names of money that stand before the number. Signs are told by their Unicode category."""

PERCENT_BEFORE = frozenset(("yüzde", "ร้อยละ", "百分之"))
