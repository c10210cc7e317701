"""What the columns of an earlier system's spreadsheet may mean, and guesses by the words of their headers.

Headers are compared without marks and accents, in English, Spanish, French and Bosnian.
"""

import re
from collections.abc import Mapping

from anyascii import anyascii

from forensics.domain.legacy import LegacyKind

FIELDS: Mapping[LegacyKind, tuple[str, ...]] = {
    LegacyKind.REMAINS: (
        "case", "description", "received", "received_from", "authority", "order", "condition", "seals",
        "item", "bones", "side", "mass_g", "count", "note",
    ),
    LegacyKind.MISSING: (
        "number", "given_names", "family_names", "original_name", "aliases", "sex", "birth", "height_cm",
        "last_seen", "last_place", "marks", "dental", "clothing", "circumstances", "family", "contact",
    ),
}  # fmt: skip
"""What a column may be, in the order in which it is offered."""

_WORDS: Mapping[str, str] = {
    "case": "case number|case no|case id|case|accession|numero de caso|caso|expediente|numero de dossier|dossier"
    "|broj slucaja|slucaj|row",
    "description": "description|described as|type of remains|descripcion|tipo de restos|type de restes|opis",
    "received": "received|date received|reporting date|received at|fecha de recepcion|fecha|date de reception"
    "|recu le|date|datum prijema|primljeno|datum",
    "received_from": "received from|from|delivered by|entregado por|recibido de|remis par|recu de|primljeno od|predao",
    "authority": "authority|prosecutor|autoridad|fiscal|autorite|procureur|tuzilastvo|organ",
    "order": "order|order no|court order|orden|oficio|ordonnance|naredba",
    "condition": "condition|body condition|state|estado|etat|stanje",
    "seals": "seal|seals|sello|sellos|precinto|scelle|scelles|pecat|plomba",
    "item": "item|item number|item no|bone number|bone id|specimen|pieza|numero de pieza|numero de piece|piece"
    "|broj kosti|broj predmeta",
    "bones": "bone|bones|element|elements|skeletal element|hueso|huesos|elemento|os|ossement|ossements|kost|kosti",
    "side": "side|lado|lateralidad|cote|lateralite|strana",
    "mass_g": "mass|weight|mass g|weight g|peso|masa g|masse|poids|masa|tezina",
    "count": "count|pieces|quantity|number of pieces|cantidad|piezas|quantite|nombre|kolicina|broj komada",
    "note": "note|notes|remark|remarks|comment|comments|nota|observaciones|remarque|remarques|napomena",
    "number": "number|id|file number|missing person number|case number|numero|expediente|numero de dossier|broj",
    "given_names": "given names|given name|first name|name|nombre|nombres|prenom|prenoms|ime",
    "family_names": "family name|family names|surname|last name|apellido|apellidos|nom|nom de famille|prezime",
    "original_name": "full name|name in own script|nombre completo|nom complet|ime i prezime|puno ime",
    "aliases": "alias|aliases|nickname|also known as|apodo|surnom|nadimak",
    "sex": "sex|gender|sexo|genero|sexe|spol|pol",
    "birth": "date of birth|birth date|born|birth|dob|fecha de nacimiento|nacimiento|date de naissance|ne le"
    "|naissance|datum rodjenja|rodjen",
    "height_cm": "height|height cm|stature|estatura|talla|taille|visina",
    "last_seen": "last seen|date missing|missing since|date of disappearance|fecha de desaparicion|desaparecido"
    "|date de disparition|disparu le|datum nestanka|nestao",
    "last_place": "last place|place of disappearance|place missing|last seen at|lugar de desaparicion|lugar"
    "|lieu de disparition|lieu|mjesto nestanka|mjesto",
    "marks": "marks|scars|tattoos|senas|cicatrices|tatuajes|signes|ozljede|oziljci",
    "dental": "dental|teeth|dientes|dents|zubi",
    "clothing": "clothing|clothes|ropa|vestimenta|vetements|odjeca",
    "circumstances": "circumstances|circunstancias|circonstances|okolnosti",
    "family": "family|family number|familia|famille|porodica|obitelj",
    "contact": "contact|informant|phone|contacto|telefono|telephone|kontakt|telefon",
}


_WHOLE = frozenset(("number", "item", "count", "given_names"))
"""Fields whose words begin the headers of too many other things."""


def plain(title: str) -> str:
    """A header in plain lower-case words."""
    return " ".join(
        re.sub(r"[^a-z0-9]+", " ", anyascii(title.casefold().replace("đ", "dj")).casefold()).split()
    )


def guess(header: tuple[str, ...], kind: LegacyKind) -> dict[str, str]:
    """Column titles to what they probably are: whole words first, then titles that begin so; each once."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for exact in (True, False):
        for title in header:
            if title in found:
                continue
            field = _field(plain(title), kind, taken, exact)
            if field is not None:
                found[title] = field
                taken.add(field)
    return found


def _field(words: str, kind: LegacyKind, taken: set[str], exact: bool) -> str | None:
    for field in FIELDS[kind]:
        known = _WORDS[field].split("|")
        fits = (
            words in known if exact else any(words.startswith(f"{word} ") for word in known if len(word) > 3)
        )
        if field not in taken and fits:
            return field
    return None
