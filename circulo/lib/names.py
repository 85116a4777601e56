"""Names of people: split into parts, shown, sorted and searched."""

import re
from dataclasses import dataclass

from circulo.lib.unaccent import TABLE


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TWO_SURNAMES = _words("ES MX AR CL CO PE UY EC BO CR CU DO GT HN NI PA PY SV VE PR GQ")
_TITLES = _words(
    "d da dª dña dnª doña don sr sra srª srta dr dra drª lic licda ing inga arq prof profa "
    "abg abog mtro mtra cp excmo excma ilmo ilma rev mr mrs ms miss mx sir herr frau me mme mlle"
)
_NEED_A_DOT = _words("d da cp me mx ing")
_PARTICLES = _words(
    "de del d' la las los el lo y e i da do dos das di della van von der den ten ter zu le "
    "du des san santa bin ibn ben al"
)
_NAMES_TOO = _words("al ben bin e el i la le lo san santa")
# Given names that often stand second and are hardly ever a surname.
_SECOND_NAMES = _words(
    "maria jose luis carlos antonio manuel angel jesus javier miguel ignacio pablo pedro "
    "juan francisco fernando alberto enrique eduardo ramon rafael andres alejandro daniel "
    "david isabel teresa luisa carmen angeles pilar dolores mercedes rosa elena cristina "
    "victoria belen mar eugenia josefa antonia rosario paz sofia lucia beatriz ines paula "
    "alejandra fernanda gabriela guadalupe concepcion soledad consuelo milagros nieves "
    "rocio remedios inmaculada cruz dios esther john paul james michael ann anne marie jean"
)
_COMPOUND = re.compile(r"^(de|del)( (la|los|las|el))? ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a person's name; any of them may be empty."""

    given: str = ""
    first_surname: str = ""
    second_surname: str = ""
    title: str = ""

    @property
    def surnames(self) -> str:
        """Both surnames."""
        return " ".join(filter(None, (self.first_surname, self.second_surname)))

    @property
    def display(self) -> str:
        """As one addresses the person: given names, then surnames."""
        return " ".join(filter(None, (self.given, self.surnames)))

    @property
    def formal(self) -> str:
        """With the title in front: `Dra. Ana Gil`."""
        return " ".join(filter(None, (self.title, self.display)))

    @property
    def listed(self) -> str:
        """As in a list by surname: `García López, Ana`."""
        return ", ".join(filter(None, (self.surnames, self.given)))

    @property
    def initials(self) -> str:
        """Two letters for an avatar."""
        return initials(" ".join(filter(None, (self.given.partition(" ")[0], self.first_surname))))


def split(text: str, country: str = "ES") -> Name:
    """The parts of a full name, in the order `Name Surname` or `Surname, Name`.

    In countries with two surnames the last two are taken for them, unless the first of the two is
    plainly a given name (José *Luis* Pérez). Elsewhere the last one is the surname.
    """
    before, comma, after = " ".join(text.split()).partition(",")
    if comma and after.strip():
        return _from_listed(before.strip(), after.strip())
    title, words = _titled(before.split(" "))
    return _from_spoken(title, _units(words), two=country in TWO_SURNAMES)


def initials(text: str) -> str:
    """At most two capital letters for a person or a firm, without titles and particles."""
    _, words = _titled(re.findall(r"[^\W_]+(?:['’.][^\W_]+)*\.?", text))
    strong = [word for word in words if word.casefold() not in _PARTICLES] or words
    picked = strong[:1] + strong[1:2]
    return "".join(word[0] for word in picked).upper()


def is_courtesy(text: str) -> bool:
    """Whether a text is no more than how somebody is addressed, such as `Dra.` or `Sr. D.`"""
    words = text.replace(".", ". ").split()
    return bool(words) and all(word.rstrip(".").casefold() in _TITLES for word in words)


def plain(text: str) -> str:
    """Lower case without accents, ñ too: what search compares. Equal to PostgreSQL's `unaccent`."""
    return (text if text.isascii() else text.translate(TABLE)).lower()


def sort_key(text: str) -> str:
    """What lists sort by: lower case without accents, but ñ comes after n and before o."""
    if text.isascii():
        return text.lower()
    return plain(text.lower().replace("ñ", "n~"))


def _from_listed(surnames: str, given: str) -> Name:
    title, names = _titled(given.split(" "))
    leading, words = _titled(surnames.split(" "))
    units = _units(words)
    if len(units) < 2:
        return Name(" ".join(names), " ".join(units), "", leading or title)
    return Name(" ".join(names), " ".join(units[:-1]), units[-1], leading or title)


def _from_spoken(title: str, units: list[str], *, two: bool) -> Name:
    if len(units) < 2:
        return Name(" ".join(units), "", "", title)
    joined = units[-1].casefold().startswith(("y ", "e ", "i "))
    if not two or len(units) == 2 or (not joined and _is_given(units, len(units) - 2)):
        return Name(" ".join(units[:-1]), units[-1], "", title)
    return Name(" ".join(units[:-2]), units[-2], units[-1], title)


def _is_given(units: list[str], place: int) -> bool:
    """Whether the unit at a place belongs to the given names, as in María *del Carmen* Ruiz."""
    word = _COMPOUND.sub("", units[place])
    return place == 1 and plain(word) in _SECOND_NAMES


def _titled(words: list[str]) -> tuple[str, list[str]]:
    """The titles that a name begins with, and the rest of its words; a name is never all title."""
    count = 0
    while count < len(words) - 1 and _is_title(words[count]):
        count += 1
    return " ".join(words[:count]), words[count:]


def _is_title(word: str) -> bool:
    bare = word.casefold().replace(".", "")
    return bare in _TITLES and (word.endswith((".", "ª")) or bare not in _NEED_A_DOT)


def _units(words: list[str]) -> list[str]:
    """Words with the particles before them: `de la Fuente` is one."""
    units: list[str] = []
    held: list[str] = []
    for place, word in enumerate(filter(None, words)):
        held.append(word)
        bare = word.casefold()
        if bare not in _PARTICLES or (place == 0 and bare in _NAMES_TOO and len(words) > 1):
            units.append(" ".join(held))
            held = []
    return units + [" ".join(held)] if held else units
