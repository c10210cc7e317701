"""Words for family relations: what `brother`, `tía materna` or `Niece 2` mean.

A reference table, an interview form and a person at the window use the same words. A relation is a path of
steps from the missing person to the relative; `forensics.domain.relations` draws it.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from forensics.domain.kinship import Sex


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation to the missing person: the steps from them to the relative, and the relative's sex.

    Steps: father, mother, parent (of either side), sibling, half (sibling through one parent), child,
    spouse. An empty path is the missing person themselves; None is a person without blood relation.
    """

    name: str
    path: tuple[str, ...] | None
    sex: Sex = Sex.UNKNOWN
    side: str = ""  # father or mother, where a word says it


def _relations() -> dict[str, Relation]:
    male, female, either = Sex.MALE, Sex.FEMALE, Sex.UNKNOWN
    rows: list[tuple[str, str | None, Sex]] = [
        ("self", "", either),
        ("father", "father", male),
        ("mother", "mother", female),
        ("parent", "parent", either),
        ("brother", "sibling", male),
        ("sister", "sibling", female),
        ("sibling", "sibling", either),
        ("identical twin", "twin", either),
        ("half-brother", "half", male),
        ("half-sister", "half", female),
        ("half-sibling", "half", either),
        ("son", "child", male),
        ("daughter", "child", female),
        ("child", "child", either),
        ("husband", "spouse", male),
        ("wife", "spouse", female),
        ("spouse", "spouse", either),
        ("grandfather", "parent father", male),
        ("grandmother", "parent mother", female),
        ("grandparent", "parent parent", either),
        ("great-grandfather", "parent parent father", male),
        ("great-grandmother", "parent parent mother", female),
        ("uncle", "parent sibling", male),
        ("aunt", "parent sibling", female),
        ("great-uncle", "parent parent sibling", male),
        ("great-aunt", "parent parent sibling", female),
        ("nephew", "sibling child", male),
        ("niece", "sibling child", female),
        ("half-nephew", "half child", male),
        ("half-niece", "half child", female),
        ("half-uncle", "parent half", male),
        ("half-aunt", "parent half", female),
        ("cousin", "parent sibling child", either),
        ("grandson", "child child", male),
        ("granddaughter", "child child", female),
        ("grandchild", "child child", either),
        ("great-grandson", "child child child", male),
        ("great-granddaughter", "child child child", female),
        ("grandnephew", "sibling child child", male),
        ("grandniece", "sibling child child", female),
        ("father-in-law", "spouse father", male),
        ("mother-in-law", "spouse mother", female),
        ("brother-in-law", None, male),
        ("sister-in-law", None, female),
        ("son-in-law", None, male),
        ("daughter-in-law", None, female),
        ("stepfather", None, male),
        ("stepmother", None, female),
        ("stepson", None, male),
        ("stepdaughter", None, female),
        ("adoptive father", None, male),
        ("adoptive mother", None, female),
        ("unrelated", None, either),
    ]
    found = {
        name: Relation(name, None if path is None else tuple(path.split()), sex) for name, path, sex in rows
    }
    for name, relation in list(found.items()):
        if relation.path and relation.path[0] in ("parent", "half") and name != "parent":
            for side, word in (("father", "paternal"), ("mother", "maternal")):
                found[f"{word} {name}"] = replace(relation, name=f"{word} {name}", side=side)
    return found


RELATIONS = _relations()
"""Every relation that can be drawn, by its English name (`brother`, `maternal uncle`, …)."""

_SYNONYMS = {
    "self": "direct, direct reference, personal effect, missing person, mp, mismo, misma, proprio",
    "father": "dad, padre, papa, pai, pere, vater, biological father, padre biologico",
    "mother": "mom, mum, madre, mama, mae, mere, mutter, biological mother, madre biologica",
    "parent": "progenitor, genitor",
    "brother": "hermano, irmao, frere, bruder, bro, full brother, biological brother, hermano completo",
    "sister": "hermana, irma, soeur, schwester, sis, full sister, biological sister, hermana completa",
    "sibling": "full sibling, full sib, sib, biological sibling, hermanos",
    "identical twin": "monozygotic twin, mz twin, gemelo identico, gemela identica, gemeo identico",
    "half-brother": "half brother, medio hermano, hermano medio, meio irmao, hermanastro, demi frere",
    "half-sister": "half sister, media hermana, medio hermana, meia irma, hermanastra, demi soeur",
    "half-sibling": "half sibling, half sib, halfsib",
    "son": "hijo, filho, fils, sohn, biological son",
    "daughter": "hija, filha, fille, tochter, biological daughter",
    "child": "biological child, offspring, hijos, kind, enfant",
    "husband": "esposo, marido, mari, ehemann",
    "wife": "esposa, mujer, mulher, femme, ehefrau",
    "spouse": "partner, conyuge, conjuge, pareja, companero, companera, companheiro, companheira, conjoint",
    "grandfather": "grandpa, abuelo, grand pere, grossvater, avô, avo homem",
    "grandmother": "grandma, abuela, grand mere, grossmutter, avó, avo mulher",
    "grandparent": "avo, abuelos",
    "great-grandfather": "great grandfather, bisabuelo, bisavo homem",
    "great-grandmother": "great grandmother, bisabuela, bisavo mulher",
    "uncle": "tio, oncle, onkel",
    "aunt": "tia, tante, auntie",
    "great-uncle": "great uncle, granduncle, grand uncle, tio abuelo, tio avo",
    "great-aunt": "great aunt, grandaunt, grand aunt, tia abuela, tia avo",
    "nephew": "sobrino, sobrinho, neveu, neffe",
    "niece": "sobrina, sobrinha, nichte",
    "half-nephew": "half nephew, medio sobrino",
    "half-niece": "half niece, media sobrina",
    "half-uncle": "half uncle, medio tio",
    "half-aunt": "half aunt, media tia",
    "cousin": "first cousin, primo, prima, primo hermano, prima hermana, cousine",
    "grandson": "nieto, neto, petit fils, enkel",
    "granddaughter": "nieta, neta, petite fille, enkelin",
    "grandchild": "grand child",
    "great-grandson": "great grandson, bisnieto, bisneto",
    "great-granddaughter": "great granddaughter, bisnieta, bisneta",
    "grandnephew": "grand nephew, great nephew, sobrino nieto, sobrinho neto",
    "grandniece": "grand niece, great niece, sobrina nieta, sobrinha neta",
    "father-in-law": "father in law, suegro, sogro, beau pere",
    "mother-in-law": "mother in law, suegra, sogra, belle mere",
    "brother-in-law": "brother in law, cunado, cunhado",
    "sister-in-law": "sister in law, cunada, cunhada",
    "son-in-law": "son in law, yerno, genro",
    "daughter-in-law": "daughter in law, nuera, nora",
    "stepfather": "step father, padrastro, padrasto",
    "stepmother": "step mother, madrastra, madrasta",
    "stepson": "step son, hijastro, enteado",
    "stepdaughter": "step daughter, hijastra, enteada",
    "adoptive father": "padre adoptivo, pai adotivo",
    "adoptive mother": "madre adoptiva, mae adotiva",
    "unrelated": "none, no relation, friend, sin parentesco, amigo, amiga",
}

_SIDES = {
    "paternal": "paternal, paterno, paterna, paternel, paternelle, fathers side, father side, on fathers side, "
    "por parte de padre, por parte do pai, lado paterno, linea paterna",
    "maternal": "maternal, materno, materna, maternel, maternelle, mothers side, mother side, on mothers side, "
    "por parte de madre, por parte da mae, lado materno, linea materna",
}


def _plain(text: str, keep_accents: bool = False) -> str:
    """Lower case without brackets, punctuation and trailing numbers; accents go unless they are kept."""
    folded = unicodedata.normalize("NFC", text).casefold()
    if not keep_accents:
        folded = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    folded = re.sub(r"['’]", "", folded)
    return re.sub(r"\s*\d+\Z", "", " ".join(re.findall(r"\w+", folded)))


def _words() -> dict[str, str]:
    words = {_plain(name): name for name in RELATIONS}
    for name, others in _SYNONYMS.items():
        for other in others.split(","):
            words[_plain(other, keep_accents=True)] = name
    return words


_WORDS = _words()
_SIDE_WORDS = sorted(
    ((_plain(word), side) for side, words in _SIDES.items() for word in words.split(",")),
    key=lambda pair: -len(pair[0]),
)


def parse_relation(text: str) -> Relation | None:
    """The relation that a word means (English, Spanish, Portuguese, French, German); None if unknown.

    >>> parse_relation("[Tía materna]").name, parse_relation("Brother 2").name
    ('maternal aunt', 'brother')
    """
    if len(text) > 80:
        return None
    for word in (_plain(text, keep_accents=True), _plain(text)):
        if word in _WORDS:
            return RELATIONS[_WORDS[word]]
        for phrase, side in _SIDE_WORDS:
            rest = " ".join(re.sub(rf"\b{phrase}\b", " ", word).split())
            if rest != word and rest in _WORDS:
                base = _WORDS[rest]
                return RELATIONS.get(f"{side} {base}", RELATIONS[base])
    return None
