"""Correction notes as newsrooms word them, written for the tests: language, what the note calls itself, the note."""

from monitor.core.facts import Notice

C, K, R, E, U = (
    Notice.CORRECTION,
    Notice.CLARIFICATION,
    Notice.RETRACTION,
    Notice.EDITORS_NOTE,
    Notice.UPDATE,
)
Note = tuple[str, Notice | None, str]

LABELLED: tuple[Note, ...] = (
    ("en", C, "Correction: An earlier version of this article gave the wrong age for the harbour master."),
    ("en", K, "Clarification: The council has since said that its vote bound nobody but itself."),
    ("en", E, "Editor’s note: This story was updated to include a reply from the ferry company."),
    ("en", R, "Retraction: The report below has been withdrawn, since its figures could not be confirmed."),
    ("de", C, "Korrektur: In einer früheren Fassung stand, der Hafen sei 1912 gebaut worden. Es war 1921."),
    ("de", C, "Berichtigung: Der Name der Kapitänin lautet Harms, nicht Hansen."),
    ("de", E, "Anmerkung der Redaktion: Wir haben die Angaben zur Zahl der Boote nachträglich geändert."),
    ("fr", C, "Rectificatif : le phare a été construit en 1880 et non en 1808 comme nous l’avions écrit."),
    ("fr", E, "Note de la rédaction : une citation attribuée au maire a été retirée de ce texte."),
    ("es", C, "Fe de erratas: el puerto se abrió en 1921 y no en 1912, como se decía en esta nota."),
    ("es", C, "Corrección: una versión anterior de este artículo daba mal el nombre de la alcaldesa."),
    ("es", K, "Aclaración: el consejo ha precisado que su voto no obliga a la empresa."),
    ("it", C, "Errata corrige: il faro è stato costruito nel 1880, non nel 1808 come scritto in precedenza."),
    ("it", C, "Rettifica: il nome del comandante era sbagliato in una precedente versione di questo articolo."),
    ("it", E, "Nota della redazione: abbiamo tolto dal testo una frase attribuita al sindaco."),
    ("pt", C, "Correção: uma versão anterior deste texto trazia o nome errado da prefeita."),
    ("pt", C, "Erramos: o porto foi aberto em 1921, e não em 1912, como o texto dizia."),
    ("nl", C, "Correctie: in een eerdere versie van dit artikel stond een verkeerde naam van de schipper."),
    ("nl", C, "Rectificatie: de haven is in 1921 geopend en niet in 1912, zoals hier stond."),
    ("sv", C, "Rättelse: I en tidigare version av artikeln stod fel namn på kaptenen."),
    ("no", C, "Rettelse: I en tidligere versjon av saken sto det feil navn på kapteinen."),
    ("da", C, "Rettelse: I en tidligere version af artiklen stod der et forkert navn på kaptajnen."),
    ("fi", C, "Oikaisu: Jutussa kerrottiin aiemmin väärin kapteenin nimi ja sataman valmistumisvuosi."),
    ("pl", C, "Sprostowanie: w poprzedniej wersji tekstu podaliśmy błędne nazwisko kapitana statku."),
    ("cs", C, "Oprava: v předchozí verzi článku bylo uvedeno chybné jméno kapitána lodi."),
    ("ru", C, "Исправление: в предыдущей версии статьи была неверно указана фамилия капитана."),
    ("ru", K, "Уточнение: голосование совета не обязывает портовую компанию ни к чему."),
    ("ru", E, "От редакции: мы добавили в текст ответ паромной компании, полученный вечером."),
    ("uk", C, "Виправлення: у попередній версії статті було неправильно вказано прізвище капітана."),
    ("el", C, "Διόρθωση: σε προηγούμενη εκδοχή του κειμένου το όνομα του πλοιάρχου ήταν λάθος."),
    ("hu", C, "Helyesbítés: a cikk korábbi változatában hibásan szerepelt a kapitány neve."),
    ("tr", C, "Düzeltme: Haberin önceki halinde kaptanın adı yanlış yazılmıştı, düzeltilmiştir."),
    ("ar", C, "تصحيح: ورد اسم قبطان السفينة خطأ في نسخة سابقة من هذا المقال وقد جرى تعديله."),
    ("ja", C, "訂正：当初の記事で船長の名前に誤りがありましたので、おわびして訂正します。"),
    ("ko", C, "바로잡습니다: 이 기사의 이전 판에서 선장의 이름을 잘못 적어 고쳤습니다."),
    ("zh", C, "更正：本文此前版本将船长的姓名写错，现已改正，特此向读者致歉。"),
    ("zh", E, "编者按：本文在发布后补充了渡轮公司的答复，其余内容没有改动。"),
    ("he", C, "תיקון: בגרסה קודמת של הכתבה הופיע שם שגוי של קברניט הספינה."),
    ("fa", C, "اصلاحیه: در نسخه پیشین این گزارش نام ناخدای کشتی اشتباه آمده بود."),
    ("hi", C, "सुधार: इस लेख के पिछले संस्करण में जहाज़ के कप्तान का नाम ग़लत दिया गया था।"),
    ("bn", C, "সংশোধনী: এই প্রতিবেদনের আগের সংস্করণে জাহাজের ক্যাপ্টেনের নাম ভুল ছিল।"),
    ("th", C, "แก้ไขข่าว: รายงานฉบับก่อนหน้านี้ระบุชื่อกัปตันเรือผิด จึงขออภัยมา ณ ที่นี้"),
    ("vi", C, "Đính chính: bản trước của bài viết này ghi sai tên thuyền trưởng của con tàu."),
)  # fmt: skip
SENTENCES: tuple[Note, ...] = (
    ("en", C, "This article was amended on 5 May to correct the name of the lighthouse keeper."),
    ("en", None, "An earlier version of this article said that the pier was closed in winter. It is open."),
    ("en", C, "Corrected on 12 March: the boat was built in Hull, not in Leith as we first reported."),
    ("en", C, "This story has been updated to correct the spelling of the captain's name."),
    ("en", U, "Update: This article has been updated with the results of the second count."),
    ("de", None, "In einer früheren Version dieses Artikels hieß es, die Fähre fahre täglich."),
    ("fr", C, "Cet article a été corrigé le 5 mai : le nom du capitaine était mal orthographié."),
    ("fr", U, "Mise à jour du 6 mai : la réponse de la compagnie a été ajoutée à cet article."),
)  # fmt: skip
"""Notes that say so in a sentence; an update, which runs on in many a text, counts as one."""
NOTES = LABELLED + SENTENCES
