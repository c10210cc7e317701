"""Reports on paper: what every page says, what the file carries, and that setting twice gives the same bytes."""

import hashlib
import io
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from forensics.domain import facts as f
from forensics.domain.errors import Invalid
from forensics.formats import facts as codec
from reports import preview
from reports.kinds import KINDS
from reports.rendering import render
from tests.support import reporting
from tests.support.signed import LOCI, unsigned

ROOT = Path(__file__).resolve().parents[2]


def text(pdf: bytes) -> str:
    """All pages, spaces and line ends made one space."""
    pages = (preview.page_text(pdf, page) for page in range(preview.page_count(pdf)))
    return re.sub(r"\s+", " ", " ".join(pages))


@pytest.fixture(scope="module")
def match_text() -> str:
    return text(unsigned())


def test_the_contents_stand_in_the_order_in_which_a_reader_needs_them(match_text: str) -> None:
    headings = (
        "Items received|Donors and family|Genotypes|Hypotheses|Weight of the DNA evidence|Prior and posterior|Opinion"
        "|Sensitivity|Alternatives considered|Limits and deviations|Methods|Who did what"
    ).split("|")
    places = [match_text.index(f"{number} {heading}") for number, heading in enumerate(headings, 1)]
    assert places == sorted(places)


def test_the_opinion_states_the_number_then_the_words_then_the_posterior_with_its_prior(
    match_text: str,
) -> None:
    opinion = match_text[match_text.index("7 Opinion") : match_text.index("8 Sensitivity")]
    number = opinion.index("times more probable if the remains come from the missing son")
    words = opinion.index("support for the hypothesis that")
    posterior = opinion.index("8,000 persons are sought in this operation, each considered equally likely")
    assert number < words < posterior
    assert "the probability that" not in opinion[:posterior]


def test_the_lr_that_the_prior_requires_stands_beside_the_lr_found(match_text: str) -> None:
    assert re.search(r"LR required for it 15 million \(log₁₀ 7\.20\) LR found", match_text)


def test_every_page_has_number_version_page_of_pages_and_the_promise() -> None:
    pages = preview.page_count(unsigned())
    for page in range(pages):
        said = preview.page_text(unsigned(), page)
        assert f"R-2026-00417-K · version 1 · Page {page + 1} of {pages}" in said
        assert "Relates only to the items tested. May be reproduced only in full." in said
        assert "audit 1482: 9f3a6c1be27d4e05a8c6f013" in said


def test_the_end_is_marked_once(match_text: str) -> None:
    assert match_text.count("End of report R-2026-00417-K, version 1") == 1


def test_setting_twice_gives_the_same_bytes() -> None:
    assert render("match", reporting.match(1, LOCI)) == unsigned()


def test_every_font_is_embedded_and_ours() -> None:
    with pikepdf.open(io.BytesIO(unsigned())) as pdf:
        fonts = {name: font for page in pdf.pages for name, font in page.Resources.Font.items()}
        for font in fonts.values():
            assert "Noto" in str(font.BaseFont)
            assert "/FontFile2" in font.FontDescriptor
            assert "/ToUnicode" in font


def test_the_file_carries_its_facts_its_language_and_who_made_it() -> None:
    facts = reporting.match(1, LOCI)
    with pikepdf.open(io.BytesIO(unsigned())) as pdf:
        assert pdf.attachments["facts.json"].get_file().read_bytes() == codec.write(facts)
        assert pdf.Root.AF[0].AFRelationship == "/Data"
        assert str(pdf.Root.Lang) == "en"
        assert (
            str(pdf.docinfo["/Title"])
            == "Remains BKR-0312 compared with family F-0088 R-2026-00417-K (version 1)"
        )
        with pdf.open_metadata() as meta:
            assert meta["dc:creator"] == ["National Institute for Missing Persons, DNA Laboratory"]
            assert meta["xmp:CreateDate"] == "2026-03-11T09:30:00+00:00"
        with pdf.open_outline() as outline:
            assert [entry.title for entry in outline.root][:2] == ["Items received", "Donors and family"]


def test_signature_fields_lie_on_the_page_that_names_the_signatories() -> None:
    with pikepdf.open(io.BytesIO(unsigned())) as pdf:
        fields = list(pdf.Root.AcroForm.Fields)
        assert [str(field.T) for field in fields] == ["Author", "Authoriser"]
        page = next(n for n, page in enumerate(pdf.pages) if page.objgen == fields[0].P.objgen)
        for field in fields:
            left, bottom, right, top = (float(edge) for edge in field.Rect)
            assert 0 < left < right < 595
            assert 0 < bottom < top < 842
    assert "I carried out the comparison and wrote this report." in preview.page_text(unsigned(), page)


def test_the_code_on_the_first_page_has_the_number_and_the_digest_of_the_facts() -> None:
    import zxingcpp

    digest = codec.digest(reporting.match(1, LOCI)).upper()
    image = Image.open(io.BytesIO(preview.page_png(unsigned(), 0, 200)))
    assert [one.text for one in zxingcpp.read_barcodes(image)] == [
        f"NOMINA REPORT R-2026-00417-K V1 SHA256 {digest}"
    ]


@pytest.mark.parametrize("mark", ["DRAFT", "COPY", "WITHDRAWN"])
def test_a_watermark_stands_on_every_page(mark: str) -> None:
    marked = render("match", reporting.match(1, LOCI), mark)
    assert text(marked).count(mark) == preview.page_count(marked)


def test_letter_paper_has_its_own_size() -> None:
    with pikepdf.open(io.BytesIO(render("match", reporting.match(1, LOCI), paper="Letter"))) as pdf:
        assert [float(edge) for edge in pdf.pages[0].MediaBox] == [0, 0, 612, 792]


def test_an_unknown_paper_mark_or_kind_is_refused() -> None:
    facts = reporting.match(1, LOCI)
    for wrong in ({"paper": "A5"}, {"watermark": "SECRET"}):
        with pytest.raises(Invalid):
            render("match", facts, **wrong)
    with pytest.raises(Invalid, match="not a kind of report"):
        render("identification", facts)


def test_a_long_table_of_24_loci_and_eight_people_is_complete_and_inside_the_page() -> None:
    facts = reporting.match(6)
    pdf = render("match", facts)
    said = text(pdf)
    for locus in reporting.LOCI:
        assert said.count(locus) >= 3  # genotypes, table and bars of the LR
    for typing in facts.typings:
        row = " ".join(", ".join(typing.genotypes[locus]) for locus in reporting.LOCI[:1])
        assert row in said
    for page in range(preview.page_count(pdf)):
        assert _margins_are_free(pdf, page)


def _margins_are_free(pdf: bytes, page: int) -> bool:
    """Nothing is printed in the outer 10 mm of a page."""
    image = Image.open(io.BytesIO(preview.page_png(pdf, page, 72))).convert("L")
    edge = round(10 / 25.4 * 72)
    inner = (edge, edge, image.width - edge, image.height - edge)
    image.paste(255, inner)
    return image.getextrema()[0] > 250


LONG = "A statement that does not end, with a word-that-is-itself-rather-long in it. " * 24


def test_the_longest_texts_stay_on_their_pages() -> None:
    """Every text of a report may be long: it goes on over the page, or is shortened where it can't."""
    facts = reporting.match(1, LOCI)
    item = replace(facts.items[0], description=LONG * 2, condition=LONG, custody=LONG)
    who = f.SignatoryFacts(name="N" * 120, role=LONG[:300], meaning=LONG[:600])
    laboratory = replace(facts.frame.laboratory, name=LONG, short_name="", contact=LONG, accreditation=LONG)
    frame = replace(
        facts.frame, title=LONG[:300], authority=LONG, author=who, laboratory=laboratory, limits=(LONG,)
    )
    pdf = render("match", replace(facts, frame=frame, items=(item,), question=LONG, remarks=(LONG, LONG)))
    assert text(pdf).count("word-that-is-itself-rather-long") > 200
    for page in range(preview.page_count(pdf)):
        assert _margins_are_free(pdf, page)


def test_marks_of_direction_and_control_characters_are_not_printed() -> None:
    facts = reporting.match(1, LOCI)
    odd = replace(
        facts, frame=replace(facts.frame, authority="Court\tof\u200f Port\u202b <b>Salim</b> & Co\u2069")
    )
    assert "Court of Port <b>Salim</b> & Co" in text(render("match", odd))


def test_names_in_any_script_can_be_copied() -> None:
    said = text(unsigned())
    assert "Љиљана Ђорђевић" in said
    assert "□" not in said
    assert not any("\ue000" <= sign <= "\uf8ff" for sign in said)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_arabic_words_are_found_by_another_program() -> None:
    done = subprocess.run(["pdftotext", "-", "-"], input=unsigned(), capture_output=True, check=True)
    said = done.stdout.decode()
    for word in ("محمد", "عبد", "الرحمن"):
        assert word in said


def test_what_was_printed_before_does_not_change_the_bytes() -> None:
    facts = reporting.match(1, LOCI)
    other = replace(facts.frame.author, name="ضياء الدين (غزة) ظافر، پژمان")
    render("match", replace(facts, frame=replace(facts.frame, author=other)))
    assert render("match", facts) == unsigned()


def test_a_fresh_process_sets_the_same_bytes() -> None:
    code = (
        "import hashlib; from tests.support import reporting; from reports.rendering import render;"
        "render('identification', reporting.identification());"
        f"print(hashlib.sha256(render('match', reporting.match(1, {LOCI!r}))).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(unsigned()).hexdigest()


def test_a_character_that_no_typeface_has_is_shown_as_its_code_point() -> None:
    facts = reporting.match(1, LOCI)
    odd = replace(facts, frame=replace(facts.frame, authority="Office 検"))
    assert "Office [U+691C]" in text(render("match", odd))


def test_an_identification_report_shows_category_evidence_votes_dissent_and_what_is_not_recovered() -> None:
    said = text(render("identification", reporting.identification()))
    for words in (
        "Identified The remains BKR-0312 are identified",
        "(×) explained inconsistency",
        "Without the skull I have nothing to contribute",
        "Not recovered: Cranium; Mandible; Humerus, left;",
        "8 Legal basis",
        "95 % prediction interval",
        "DNA match report R-2026-00417-K, version 1",
    ):
        assert words in said


def test_a_report_to_the_family_names_the_person_and_nothing_is_called_a_specimen() -> None:
    said = text(render("family", reporting.family_report()))
    letter = said[: said.index("Annex")]
    assert "This report is about your brother, Samir Yusuf al-Khatib." in letter
    assert "You have the right to a second opinion." in letter
    for word in ("specimen", "sample", "likelihood", "case "):
        assert word not in letter
    assert (
        letter.index("What we know") < letter.index("What we do not know") < letter.index("What happens next")
    )


def test_an_exclusion_has_the_same_frame_and_says_what_would_help() -> None:
    said = text(render("exclusion", reporting.exclusion()))
    for words in ("Excluded", "impossible if the remains come from", "−∞", "What would help", "Page 1 of"):
        assert words in said


def test_without_a_prior_no_posterior_is_stated() -> None:
    facts = reporting.match(1, LOCI)
    bare = replace(facts.weight, prior=None, posterior=None, log10_required=None)
    said = text(render("match", replace(facts, weight=bare)))
    assert "persons are sought" not in said
    assert "the probability that" not in said


def test_an_lr_below_one_is_a_comparison_and_not_a_match() -> None:
    facts = reporting.match(1, LOCI)
    logs = tuple(replace(one, log10=-1.0) for one in facts.weight.loci)
    low = replace(facts.weight, loci=logs, log10_total=-4.0, posterior=1e-8)
    said = text(render("match", replace(facts, weight=low)))
    assert "DNA MATCH REPORT" not in said
    assert "Likelihood ratio: 1 in 10,000" in said
    assert "10,000 times more probable if they come from a person unrelated" in said


def test_several_missing_siblings_are_named_as_a_limit() -> None:
    facts = reporting.match(1, LOCI)
    more = replace(facts.pedigree, missing=("MP", "S1"))
    assert "Siblings of the same sex can't be told apart" in text(
        render("match", replace(facts, pedigree=more))
    )


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_states_the_frame_that_every_report_has(kind: str) -> None:
    facts: f.ReportFacts = reporting.family_report() if kind == "family" else getattr(reporting, kind)()
    said = text(render(kind, facts))
    frame = facts.frame
    for words in (
        frame.number,
        frame.title,
        frame.laboratory.accreditation,
        frame.authority,
        frame.author.role,
    ):
        assert words in said
