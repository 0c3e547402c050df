# ruff: noqa: E501  # a sentence is a line
"""Scripted stories of corrections: what the newsroom wrote version by version, and what its notes explain.

A story is told by steps. `edit` exchanges words wherever they stand in the text, `headline` in the headline; `add` and
`drop` are paragraphs; `note` puts a note there, `reword` and `unnote` change one and take it away. `then` begins the next
version. `expect` says of each version with notes what they are linked to, by the numbers of the versions that a change led
to; `unnoted` are the versions whose facts changed without a note.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

EN = (
    "The harbour authority of Sandvik said that 12 people were brought ashore on Tuesday after the ferry Alma ran aground.",
    "The ship had left the dock at six in thick fog, and its master, Peter Holm, reported trouble with the steering soon after.",
    "“The water was calm and nobody was badly hurt,” a spokeswoman for the coast guard, Ida Lund, told reporters.",
    "Repairs to the vessel will cost about 4 million kroner, the company said, and will take until the spring.",
)
HEADLINE = "Ferry runs aground in fog off Sandvik"
DE = (
    "Nach Angaben der Hafenbehörde von Sandvik wurden am Dienstag 12 Menschen an Land gebracht, nachdem die Fähre Alma auf Grund gelaufen war.",
    "Das Schiff hatte um sechs Uhr bei dichtem Nebel abgelegt, und Kapitän Peter Holm meldete bald darauf Probleme mit dem Ruder.",
    "„Das Wasser war ruhig, niemand wurde schwer verletzt“, sagte die Sprecherin der Küstenwache, Ida Lund, vor Journalisten.",
)
FR = (
    "Selon la capitainerie de Sandvik, 12 personnes ont été ramenées à terre mardi après l’échouement du ferry Alma.",
    "Le navire avait quitté le quai à six heures dans un brouillard épais, et son capitaine, Pierre Holm, a signalé une avarie.",
    "« La mer était calme et personne n’a été gravement blessé », a déclaré Ida Lund, porte-parole des garde-côtes.",
)
ES = (
    "La autoridad portuaria de Sandvik dijo que 12 personas fueron llevadas a tierra el martes tras encallar el transbordador Alma.",
    "El buque había zarpado a las seis con niebla espesa, y su capitán, Pedro Holm, comunicó problemas con el timón poco después.",
)
JA = (
    "サンドビク港湾局によると、火曜日にフェリー「アルマ」が座礁し、乗客12人が救助された。",
    "船は濃霧の中を六時に出港し、船長の田中一郎氏が操舵の異常を報告した。",
)
RU = (
    "По данным портовых властей Сандвика, во вторник на берег доставили 12 человек после того, как паром «Альма» сел на мель.",
    "Судно вышло в шесть утра в густом тумане, и капитан Пётр Холм вскоре сообщил о неисправности руля.",
)
TUG = "A tug arrived in the afternoon, and the ship was pulled free on the evening tide without further damage."
INQUIRY = "The transport ministry announced an inquiry, and investigators went aboard on Wednesday morning."


CUSTOMS = (
    "Three people were arrested in Port Ellen on Monday after a fire destroyed the old customs house, police said.",
    "Inspector Mary Kerr said the fire began at about 3am and that damage was put at £1.2m.",
    "The building, which dates from 1874, was due to reopen as a museum in June, according to the council.",
    "“It is a terrible loss for the whole island,” said Councillor John McPhee, who chairs the heritage board.",
)


@dataclass(frozen=True)
class Text:
    """One version of an article."""

    headline: str
    body: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    name: str
    versions: tuple[Text, ...]
    links: Mapping[int, Sequence[tuple[str, tuple[int, ...]]]] = field(default_factory=dict)
    silent: frozenset[int] = frozenset()

    @property
    def now(self) -> Text:
        return self.versions[-1]

    def _with(self, text: Text) -> "Story":
        return replace(self, versions=(*self.versions[:-1], text))

    def then(self) -> "Story":
        return replace(self, versions=(*self.versions, self.now))

    def edit(self, old: str, new: str) -> "Story":
        assert any(old in text for text in self.now.body), old
        return self._with(replace(self.now, body=tuple(text.replace(old, new) for text in self.now.body)))

    def titled(self, headline: str) -> "Story":
        return self._with(replace(self.now, headline=headline))

    def add(self, text: str) -> "Story":
        return self._with(replace(self.now, body=(*self.now.body, text)))

    def drop(self, start: str) -> "Story":
        kept = tuple(text for text in self.now.body if not text.startswith(start))
        assert len(kept) < len(self.now.body), start
        return self._with(replace(self.now, body=kept))

    def note(self, text: str) -> "Story":
        return self._with(replace(self.now, notes=(*self.now.notes, text)))

    def reword(self, old: str, new: str) -> "Story":
        assert any(old in note for note in self.now.notes), old
        return self._with(replace(self.now, notes=tuple(note.replace(old, new) for note in self.now.notes)))

    def unnote(self) -> "Story":
        return self._with(replace(self.now, notes=self.now.notes[:-1]))

    def expect(self, version: int, *links: tuple[str, tuple[int, ...]]) -> "Story":
        return replace(self, links={**self.links, version: links})

    def unnoted(self, *versions: int) -> "Story":
        return replace(self, silent=frozenset(versions))


def story(name: str, body: tuple[str, ...] = EN, headline: str = HEADLINE, notes: tuple[str, ...] = ()) -> Story:
    return Story(name, (Text(headline, body, notes),)).then()


def customs(name: str) -> Story:
    return story(name, CUSTOMS, "Three held after fire destroys customs house")


def same(*versions: int) -> tuple[str, tuple[int, ...]]:
    return "same_change", versions


def earlier(*versions: int) -> tuple[str, tuple[int, ...]]:
    return "earlier_change", versions


def reworded(*versions: int) -> tuple[str, tuple[int, ...]]:
    return "reworded", versions


def removed(*versions: int) -> tuple[str, tuple[int, ...]]:
    return "removed", versions


NONE = ("no_change", ())
OPEN = ("undetermined", ())
WRONG_COUNT = "Correction: An earlier version of this article said that 12 people were brought ashore. It was 17."
GENERIC = "This article was amended on 3 May 2022."

STORIES = (
    # -- a note that comes with its change
    story("a number and its note").edit("12 people", "17 people").note(WRONG_COUNT).expect(2, same(2)),
    story("a number and a note that names nothing").edit("12 people", "17 people").note(GENERIC).expect(2, same(2)),
    story("a name and its note")
    .edit("Ida Lund", "Ida Lind")
    .note("Correction: The name of the spokeswoman is Ida Lind, not Ida Lund.")
    .expect(2, same(2)),
    story("a quotation and its note")
    .edit("nobody was badly hurt", "two were slightly hurt")
    .note("Correction: An earlier version misquoted the spokeswoman of the coast guard.")
    .expect(2, same(2)),
    story("the headline and its note")
    .titled("Ferry runs aground in fog off Sandnes")
    .note("Correction: An earlier headline gave the wrong town.")
    .expect(2, same(2)),
    story("a paragraph taken out with its note")
    .drop("Repairs")
    .note(
        "Editor's note: A paragraph about the cost of the repairs has been removed because the figure could not be confirmed."
    )
    .expect(2, same(2)),
    story("a lone addition and an update note")
    .add(TUG)
    .note("This story has been updated to include the arrival of a tug.")
    .expect(2, same(2)),
    story("a lone addition and a bare note")
    .add(TUG)
    .note("Updated: This article has been updated.")
    .expect(2, same(2)),
    story("additions and a correction among them")
    .edit("4 million", "14 million")
    .add(TUG)
    .note("Correction: The repairs cost 14 million kroner, not 4 million.")
    .expect(2, same(2)),
    story("two facts, one note that names both")
    .edit("12 people", "17 people")
    .edit("4 million", "14 million")
    .note("Correction: An earlier version gave 12 people and 4 million kroner; it was 17 people and 14 million kroner.")
    .expect(2, same(2)),
    story("a note in the body")
    .edit("12 people", "17 people")
    .add("Correction: An earlier version gave the number of people as 12.")
    .expect(2, same(2)),
    story("two notes for two facts")
    .edit("12 people", "17 people")
    .edit("Peter Holm", "Petter Holm")
    .note("Correction: 17 people were brought ashore, not 12.")
    .note("Correction: The master's name is Petter Holm, not Peter.")
    .expect(2, same(2), same(2)),
    # -- a note that comes later
    story("a silent number, noted later").edit("12 people", "17 people").then().note(WRONG_COUNT).expect(3, earlier(2)),
    story("a silent name, noted beside additions")
    .edit("Ida Lund", "Ida Lind")
    .then()
    .add(TUG)
    .add(INQUIRY)
    .note("Correction: An earlier version misspelled the name of Ida Lind as Ida Lund.")
    .expect(3, earlier(2)),
    story("a silent quotation, noted later")
    .edit("nobody was badly hurt", "two were slightly hurt")
    .then()
    .note("Correction: An earlier version quoted the coast guard as saying that “nobody was badly hurt”.")
    .expect(3, earlier(2)),
    story("a silent headline, noted later")
    .titled("Ferry with 200 aboard runs aground off Sandvik")
    .then()
    .add(TUG)
    .then()
    .note("Clarification: The headline of this article was changed; 200 people were aboard.")
    .expect(4, earlier(2)),
    story("the second of two silent edits, noted later")
    .edit("12 people", "17 people")
    .then()
    .edit("4 million", "14 million")
    .then()
    .note("Correction: The repairs will cost 14 million kroner, not 4 million.")
    .expect(4, earlier(3))
    .unnoted(2),
    story("the first of two silent edits, noted later")
    .edit("12 people", "17 people")
    .then()
    .edit("4 million", "14 million")
    .then()
    .note(WRONG_COUNT)
    .expect(4, earlier(2))
    .unnoted(3),
    story("both silent edits in one note")
    .edit("12 people", "17 people")
    .then()
    .edit("4 million", "14 million")
    .then()
    .note("Corrections: 17 people were brought ashore, not 12. The repairs will cost 14 million kroner, not 4 million.")
    .expect(4, earlier(2, 3)),
    story("a note that speaks of an edit before the one it came with")
    .edit("12 people", "17 people")
    .then()
    .edit("Peter Holm", "Petter Holm")
    .note(WRONG_COUNT)
    .expect(3, earlier(2))
    .unnoted(3),
    story("a note about this edit and an earlier one")
    .edit("12 people", "17 people")
    .then()
    .edit("4 million", "14 million")
    .note(
        "Corrections: 17 people were brought ashore, not 12, and the repairs will cost 14 million kroner, not 4 million."
    )
    .expect(3, same(2, 3)),
    story("a removed paragraph, noted later")
    .drop("Repairs")
    .then()
    .add(TUG)
    .then()
    .note("Editor's note: An estimate of 4 million kroner for the repairs was removed from this article.")
    .expect(4, earlier(2)),
    story("noted by the sentence it stood in")
    .edit("12 people", "17 people")
    .then()
    .note("Correction: The number of people brought ashore from the ferry was wrong in an earlier version.")
    .expect(3, earlier(2)),
    story("noted by its day")
    .edit("12 people", "17 people")
    .then()
    .note("This article was amended on 25 January 2022.")
    .expect(3, earlier(2)),
    story("noted after other changes")
    .edit("Peter Holm", "Petter Holm")
    .then()
    .add(TUG)
    .then()
    .add(INQUIRY)
    .then()
    .note("Correction: The master of the Alma is Petter Holm. An earlier version had Peter.")
    .expect(5, earlier(2)),
    story("a second note for the same change")
    .edit("12 people", "17 people")
    .note(GENERIC)
    .then()
    .note("Correction: 17 people, not 12, were brought ashore.")
    .expect(2, same(2))
    .expect(3, earlier(2)),
    # -- a note of nothing that was seen
    story("a note alone").note("Correction: An earlier version misstated the age of the vessel.").expect(2, NONE),
    story("a bare note alone").note(GENERIC).expect(2, NONE),
    story("a note that names what never stood")
    .add(TUG)
    .add(INQUIRY)
    .note("Correction: The mayor of Hamar is 52, not 54.")
    .expect(2, NONE),
    story("a note about an edit before it was watched")
    .edit("12 people", "17 people")
    .then()
    .note("Correction: The ferry left at 06:00 and not at 07:30, as an earlier version had it.")
    .expect(3, NONE)
    .unnoted(2),
    story("a bare note after two silent edits")
    .edit("12 people", "17 people")
    .then()
    .edit("4 million", "14 million")
    .then()
    .note("This article has been corrected.")
    .expect(4, OPEN)
    .unnoted(2, 3),
    story("an addition with a note of another matter")
    .add(TUG)
    .note("Correction: The fare is 85 kroner, not 58.")
    .expect(2, NONE),
    # -- no note
    story("a number without a note").edit("12 people", "17 people").unnoted(2),
    story("a quotation without a note").edit("nobody was badly hurt", "two were slightly hurt").unnoted(2),
    story("a quotation taken out without a note").drop("“The water").unnoted(2),
    story("an addition needs no note").add(TUG),
    story("words without facts need no note").edit("in thick fog", "in dense fog"),
    story("one noted, one not")
    .edit("12 people", "17 people")
    .note(WRONG_COUNT)
    .then()
    .edit("4 million", "14 million")
    .expect(2, same(2))
    .unnoted(3),
    # -- notes that change
    story("a note reworded")
    .edit("12 people", "17 people")
    .note(WRONG_COUNT)
    .then()
    .reword("It was 17", "The number was 17")
    .expect(2, same(2))
    .expect(3, reworded(2)),
    story("a note removed")
    .edit("12 people", "17 people")
    .note(WRONG_COUNT)
    .then()
    .unnote()
    .expect(2, same(2))
    .expect(3, removed(2)),
    story("a note reworded, then removed")
    .edit("12 people", "17 people")
    .note(WRONG_COUNT)
    .then()
    .reword("It was 17", "The number was 17")
    .then()
    .unnote()
    .expect(2, same(2))
    .expect(3, reworded(2))
    .expect(4, removed(2)),
    story("a note of old removed", notes=(GENERIC,)).unnote().expect(2, removed()),
    story("a note of old reworded", notes=("Correction: An earlier version misstated the age of the vessel.",))
    .reword("the vessel", "the ferry")
    .expect(2, reworded()),
    story("a second correction put into the note")
    .edit("12 people", "17 people")
    .note(WRONG_COUNT)
    .then()
    .edit("4 million", "14 million")
    .reword("It was 17.", "It was 17. The repairs cost 14 million kroner, not 4 million.")
    .expect(2, same(2))
    .expect(3, same(2, 3)),
    story("a note removed while the text goes back")
    .edit("12 people", "17 people")
    .note(WRONG_COUNT)
    .then()
    .edit("17 people", "12 people")
    .unnote()
    .expect(2, same(2))
    .expect(3, removed(2))
    .unnoted(3),
    story("a note put back")
    .edit("12 people", "17 people")
    .note(WRONG_COUNT)
    .then()
    .unnote()
    .then()
    .note(WRONG_COUNT)
    .expect(2, same(2))
    .expect(3, removed(2))
    .expect(4, earlier(2)),
    # -- other languages
    story("German, with its change", DE)
    .edit("12 Menschen", "17 Menschen")
    .note("Korrektur: In einer früheren Fassung hieß es, 12 Menschen seien an Land gebracht worden. Es waren 17.")
    .expect(2, same(2)),
    story("German, later", DE)
    .edit("Ida Lund", "Ida Lind")
    .then()
    .note("Anmerkung der Redaktion: Die Sprecherin heißt Ida Lind, nicht Ida Lund. Wir haben den Fehler korrigiert.")
    .expect(3, earlier(2)),
    story("German, the headline", DE, "Fähre läuft vor Sandvik auf Grund")
    .titled("Fähre läuft vor Sandnes auf Grund")
    .then()
    .add("Am Nachmittag traf ein Schlepper ein, und das Schiff kam mit der Flut frei.")
    .then()
    .note("Korrektur: In der Überschrift stand zunächst Sandvik statt Sandnes.")
    .expect(4, earlier(2)),
    story("French, with its change", FR)
    .edit("12 personnes", "17 personnes")
    .note("Rectificatif : une version précédente de cet article indiquait 12 personnes, elles étaient 17.")
    .expect(2, same(2)),
    story("French, later", FR)
    .edit("Pierre Holm", "Petter Holm")
    .then()
    .note("Correction : le capitaine s’appelle Petter Holm et non Pierre Holm.")
    .expect(3, earlier(2)),
    story("Spanish, with its change", ES)
    .edit("12 personas", "17 personas")
    .note("Corrección: una versión anterior decía que fueron 12 personas; eran 17.")
    .expect(2, same(2)),
    story("Spanish, alone", ES).note("Fe de errores: una versión anterior daba mal la edad del buque.").expect(2, NONE),
    story("Japanese, with its change", JA, "フェリー座礁、乗客を救助")
    .edit("乗客12人", "乗客17人")
    .note("訂正：初出時、救助された乗客を12人としていましたが、正しくは17人でした。")
    .expect(2, same(2)),
    story("Japanese, later", JA, "フェリー座礁、乗客を救助")
    .edit("田中一郎", "田中次郎")
    .then()
    .note("訂正：船長の名前は田中次郎氏でした。当初、田中一郎氏としていました。")
    .expect(3, earlier(2)),
    story("Russian, with its change", RU, "Паром сел на мель у Сандвика")
    .edit("12 человек", "17 человек")
    .note("Исправление: в первоначальной версии говорилось о 12 спасённых, их было 17.")
    .expect(2, same(2)),
    story("Russian, later", RU, "Паром сел на мель у Сандвика")
    .edit("Пётр Холм", "Петер Холм")
    .then()
    .note("Поправка: капитана зовут Петер Холм, а не Пётр.")
    .expect(3, earlier(2)),
    # -- long lives
    story("three facts, three notes, one by one")
    .edit("12 people", "17 people")
    .note("Correction: 17 people, not 12.")
    .then()
    .edit("Peter Holm", "Petter Holm")
    .note("Correction: The master is Petter Holm, not Peter.")
    .then()
    .edit("4 million", "14 million")
    .note("Correction: The cost is 14 million kroner, not 4 million.")
    .expect(2, same(2))
    .expect(3, same(3))
    .expect(4, same(4)),
    story("a number changed twice, a note for the second")
    .edit("12 people", "17 people")
    .then()
    .edit("17 people", "19 people")
    .note("Correction: 19 people were brought ashore, not 17.")
    .expect(3, same(3))
    .unnoted(2),
    story("a number changed twice, a note for the first")
    .edit("12 people", "15 people")
    .then()
    .edit("4 million", "14 million")
    .then()
    .edit("15 people", "19 people")
    .then()
    .note("Correction: The first version of this article spoke of 12 people.")
    .expect(5, earlier(2))
    .unnoted(3, 4),
    story("a retraction")
    .drop("“The water")
    .drop("Repairs")
    .note("Retraction: We withdraw the statement of the coast guard and the estimate of the cost.")
    .expect(2, same(2)),
    # -- a second press, whose stories were written before the rules had seen them
    customs("headline noted without words, later")
    .titled("Two held after fire destroys customs house")
    .then()
    .edit("£1.2m", "£2.1m")
    .then()
    .note("The headline of this article was corrected after publication.")
    .expect(4, earlier(2))
    .unnoted(3),
    customs("year, in other words beside an addition")
    .edit("1874", "1847")
    .then()
    .add("The fire service sent six engines from across the island and stayed until noon on Monday.")
    .note("This article was amended to correct the year in which the customs house was built.")
    .expect(3, OPEN)
    .unnoted(2),
    customs("title of person")
    .edit("Councillor John McPhee", "Provost John McPhee")
    .note("Clarification: John McPhee is the provost.")
    .expect(2, same(2)),
    customs("arrest number words")
    .edit("Three people were", "Two people were")
    .note("Police corrected the number of arrests after publication; this story has been changed to reflect that.")
    .expect(2, same(2)),
    customs("spelled-out number later")
    .edit("Three people were", "Two people were")
    .then()
    .add("The fire service sent six engines from across the island and stayed until noon on Monday.")
    .then()
    .note("Correction: Police arrested two people, not three, as an earlier version stated.")
    .expect(4, earlier(2)),
    customs("place")
    .edit("Port Ellen", "Port Charlotte")
    .note("An earlier version of this story gave the wrong location for the fire.")
    .expect(2, same(2)),
    customs("same place later among additions")
    .edit("Port Ellen", "Port Charlotte")
    .then()
    .add("The fire service sent six engines.")
    .then()
    .add("A ferry was delayed.")
    .note("Correction: The fire was in Port Charlotte, not Port Ellen.")
    .expect(4, earlier(2)),
    customs("note about something else with additions mention same town")
    .add("Port Ellen has about 800 inhabitants, and the customs house stood empty for years.")
    .note("Correction: An earlier version misspelled the name of Port Askaig.")
    .expect(2, NONE),
    customs("update with comment")
    .add("A spokesman for the owner, Highland Estates, said the company would rebuild.")
    .note("This story was updated with a comment from Highland Estates.")
    .expect(2, same(2)),
    customs("two additions, update note names one")
    .add("A spokesman for the owner, Highland Estates, said the company would rebuild.")
    .add("The road remained closed on Monday night.")
    .note("This story was updated with a comment from Highland Estates.")
    .expect(2, same(2)),
    customs("update note later than addition")
    .add("A spokesman for the owner, Highland Estates, said the company would rebuild.")
    .then()
    .note("This story was updated with a comment from Highland Estates.")
    .expect(3, earlier(2)),
    customs("damage").edit("£1.2m", "£2.1m").note("Correction: Damage was put at £2.1m.").expect(2, same(2)),
    customs("bare, single silent fact, no words")
    .edit("£1.2m", "£2.1m")
    .then()
    .note("This article has been corrected.")
    .expect(3, OPEN)
    .unnoted(2),
    customs("quotation removed with note")
    .drop("“It is")
    .note("A quotation attributed to Councillor McPhee has been removed after he disputed it.")
    .expect(2, same(2)),
    customs("quotation removed, noted later")
    .drop("“It is")
    .then()
    .edit("Monday", "Sunday")
    .then()
    .note("A quotation attributed to Councillor John McPhee has been removed after he disputed it.")
    .expect(4, earlier(2))
    .unnoted(3),
    customs("time")
    .edit("3am", "4am")
    .then()
    .edit("June", "July")
    .then()
    .note("Correction: The fire began at 4am.")
    .expect(4, earlier(2))
    .unnoted(3),
    customs("month")
    .edit("June", "July")
    .then()
    .edit("3am", "4am")
    .then()
    .note("An earlier version said the museum would reopen in June. It will open in July.")
    .expect(4, earlier(2))
    .unnoted(3),
    customs("note on edit plus same tokens elsewhere")
    .edit("Mary Kerr", "Marie Kerr")
    .then()
    .add("Inspector Marie Kerr asked witnesses to come forward.")
    .note("Correction: The first name of Inspector Kerr is Marie. An earlier version had Mary.")
    .expect(3, earlier(2)),
    customs("silent revert").edit("£1.2m", "£2.1m").then().edit("£2.1m", "£1.2m").unnoted(2, 3),
    customs("note appended twice")
    .edit("1874", "1847")
    .note("Corrections: The building dates from 1847, not 1874.")
    .then()
    .edit("3am", "4am")
    .reword("not 1874.", "not 1874. The fire began at 4am, not 3am.")
    .then()
    .edit("£1.2m", "£2.1m")
    .reword("not 3am.", "not 3am. Damage was £2.1m, not £1.2m.")
    .expect(2, same(2))
    .expect(3, same(2, 3))
    .expect(4, same(2, 3, 4)),
    customs("note moved only")
    .edit("1874", "1847")
    .note("Correction: It dates from 1847, not 1874.")
    .then()
    .add("The road remained closed.")
    .expect(2, same(2)),
    customs("typo in note fixed")
    .edit("1874", "1847")
    .note("Corection: It dates from 1847, not 1874.")
    .then()
    .reword("Corection", "Correction")
    .expect(2, same(2))
    .expect(3, reworded(2)),
    customs("additions and silent number in one change, later note")
    .edit("£1.2m", "£2.1m")
    .add("The road remained closed on Monday night.")
    .then()
    .note("Correction: An earlier version of this article underestimated the damage.")
    .expect(3, earlier(2)),
    customs("style edit then bare note with it")
    .edit("was due to reopen", "was to reopen")
    .note("This article was amended on 24 January.")
    .expect(2, same(2)),
)
