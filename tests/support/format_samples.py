"""One small good file of every registered format, invented for the tests."""

import io
from functools import cache

from tests.support.familias import DVI_PROJECT

WIDE = (
    "Sample File\tSample Name\tTH01\tHeight\tvWA\tHeight\tAMEL\tHeight\t\n"
    "run1.fsa\tB-001\t6, 9.3, , \t812, 790, , \t17, , , \t1430, , , \tX, Y, , \t600, 580, , \t\n"
    "run1.fsa\tB-002\t7, OL, , \t812, 90, , \t16, 17, 18, \t900, 850, 300, \tX, , , \t600, , , \t\n"
)
LONG = (
    "Sample File\tSample Name\tPanel\tMarker\tAllele 1\tAllele 2\tSize 1\tSize 2\tHeight 1\tHeight 2\n"
    "a.fsa\tB-001\tP\tTH01\t6\t9.3\t120.1\t135.4\t800\t790\n"
    "a.fsa\tB-001\tP\tAMEL\tX\tY\t80\t86\t900\t880\n"
    "b.fsa\tB-002\tP\tTH01\t7\t\t124\t\t1500\t\n"
)
LRMIX = "SampleName,Marker,Allele1,Allele2\nS-1,TH01,6,9.3\nS-1,VWA,16,16\nS-2,TH01,7,8\n"
PEAKS = (
    "Peak report\nProject\tSeptember\n\n"
    "Sample File\tSample Name\tDye\tMarker\tAllele\tSize\tHeight\tArea\tFlag\n"
    "a.fsa\tB-001\tB\tTH01\t6\t120,1\t800\t6000\t\na.fsa\tB-001\tB\tTH01\t9.3\t135,4\t790\t5900\tOK\n"
    "a.fsa\tB-001\tB\tTH01\t5\t116,0\t60\t400\tStutter\n"
    "b.fsa\tB-002\tG\tAMEL\tX\t80\t900\t6100\t\nb.fsa\tB-002\tB\tTH01\tOL\t131,2\t90\t500\t\n"
)
REFERENCES = (
    "Family ID\tKinship\tSample ID\tTH01 1\tTH01 2\tvWA 1\tvWA 2\tAMEL 1\tAMEL 2\n"
    "F1\t[brother]\tR-1\t6\t9.3\t17\t17\tX\tY\n"
    "F1\t[mother]\tR-2\t6\t7\t16\t17\tX\tX\n"
    "F2\t[daughter]\tR-3\t8\t8\t14\t15\tX\tX\n"
)
SAMPLES = (
    "Sample Info\tTH01_1\tTH01_2\tvWA_1\tvWA_2\tAMEL_1\tAMEL_2\n"
    "B-001\t6\t9.3\t17\t17\tX\tY\n"
    "B-002\t\t\t16\t18\tX\tX\n"
)
MATRIX = "Allele\tTH01\tPenta D\n6\t0.25\t\n7\t0.25\t0.1\n9.3\t0.5\t0.4\n10\t\t0.5\n2N\t200\t180\n"
LIST = (
    "marker,allele,frequency,population,n_alleles\n"
    "TH01,6,0.25,Test,200\nTH01,9.3,0.75,Test,200\nvWA,16,0.4,Test,180\nvWA,17,0.6,Test,180\n"
)
FREQ = "TH01\n6\t0.25\n9.3\t0.75\n\nD3S1358\n15\t0.4\n16\t0.6\n"
PED = (
    "famid id fid mid sex TH01 vWA\n1 FA 0 0 1 6/9.3 16/17\n1 MO 0 0 2 -/- -/-\n1 CH FA MO 1 6/6 17/17\n"
    "2 X 0 0 2 7/8 15/16\n"
)
CODIS = """<?xml version="1.0" encoding="UTF-8"?>
<CODISImportFile xmlns="urn:CODISImportFile-schema">
  <HEADERVERSION>3.2</HEADERVERSION>
  <MESSAGETYPE>Import</MESSAGETYPE>
  <SPECIMEN SOURCEID="Yes">
    <SPECIMENID>B-001</SPECIMENID>
    <SPECIMENCATEGORY>Unidentified Person</SPECIMENCATEGORY>
    <LOCUS>
      <LOCUSNAME>TH01</LOCUSNAME>
      <ALLELE><ALLELEVALUE>6</ALLELEVALUE></ALLELE>
      <ALLELE><ALLELEVALUE>9.3</ALLELEVALUE></ALLELE>
    </LOCUS>
    <LOCUS>
      <LOCUSNAME>Amelogenin</LOCUSNAME>
      <ALLELE><ALLELEVALUE>X</ALLELEVALUE></ALLELE>
    </LOCUS>
  </SPECIMEN>
</CODISImportFile>
"""


@cache
def workbook(*cells: tuple[int, int, object], text: str = SAMPLES) -> bytes:
    """A workbook of a tab-separated table, numbers as numbers; `cells` overwrite single places."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Profiles")
    for r, line in enumerate(text.splitlines()):
        for c, cell in enumerate(line.split("\t")):
            if cell.replace(".", "", 1).isdecimal():
                sheet.write_number(r, c, float(cell))
            elif cell:
                sheet.write_string(r, c, cell)
    date = book.add_format({"num_format": "dd-mmm"})
    for r, c, value in cells:
        if hasattr(value, "isoformat"):
            sheet.write_datetime(r, c, value, date)
        else:
            sheet.write(r, c, value)
    book.close()
    return buffer.getvalue()


@cache
def samples() -> dict[str, tuple[str, bytes]]:
    """Format → file name and bytes."""
    return {
        "familias": ("case.fam", DVI_PROJECT.encode()),
        "codis": ("message.xml", CODIS.encode()),
        "xlsx": ("profiles.xlsx", workbook()),
        "familias-ped": ("people.ped", PED.encode()),
        "familias-freq": ("table.freq", FREQ.encode()),
        "frequency-matrix": ("matrix.txt", MATRIX.encode()),
        "frequency-list": ("list.csv", LIST.encode()),
        "genemapper-long": ("genotypes.txt", LONG.encode()),
        "lrmix": ("suspect.csv", LRMIX.encode()),
        "peaks": ("peaks.txt", PEAKS.encode()),
        "references": ("am.txt", REFERENCES.encode()),
        "genemapper": ("export.txt", WIDE.encode()),
        "samples": ("pm.txt", SAMPLES.encode()),
    }
