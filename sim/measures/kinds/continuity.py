"""Who sees whom again."""

from __future__ import annotations

from typing import Final

from sim.measures.forms import MeasureDefinition, Plain, Ratio
from sim.measures.passes.sums import BY_NAMED, BY_OWN, COC, LISTED, PATIENTS, UPC
from sim.measures.vocabulary import WHOLE, WIDE_CELLS
from sim.text import Text

MEASURES: Final = (
    MeasureDefinition(
        "by_named",
        Text("Av fast läkare", "By the named physician"),
        "share",
        Text(
            "andel av de avslutade stoppen hos listade patienter och hem som gjordes av den fasta läkarkontakten; "
            "en läkare som inte ingår i organisationen kan inte komma",
            "share of completed stops with listed patients and homes that were made by the named physician (fast "
            "läkarkontakt); a physician outside the organisation cannot come",
        ),
        "higher",
        Ratio(BY_NAMED, LISTED),
        practical="share_pp",
        classes=WIDE_CELLS,
        subject="continuity",
        subject_class="acute",
        plain=Plain(
            Text("Av fast läkare", "By the named physician"),
            Text(
                "andel av stoppen hos listade patienter och hem som den fasta läkarkontakten gjorde",
                "share of stops with listed patients and homes that were made by the named physician",
            ),
            1,
        ),
    ),
    MeasureDefinition(
        "by_own_vardcentral",
        Text("Av egen vårdcentral", "By own vårdcentral"),
        "share",
        Text(
            "andel av de avslutade stoppen hos listade patienter och hem som gjordes från den egna vårdcentralen",
            "share of completed stops with listed patients and homes that were made from their own vårdcentral",
        ),
        "higher",
        Ratio(BY_OWN, LISTED),
        practical="share_pp",
        classes=WIDE_CELLS,
        subject="continuity",
    ),
    MeasureDefinition(
        "upc",
        Text("Kontinuitet, UPC", "Continuity, UPC"),
        "index",
        Text(
            "störst andel av en patients besök som gjordes av en och samma läkare, medel över patienter med minst "
            "tre besök; ronder ingår inte; n = patienter",
            "largest share of a patient's visits made by one physician, mean over patients with at least three "
            "visits; rounds are left out; n = patients (Breslau and Reeb 1975)",
        ),
        "higher",
        Ratio(UPC, PATIENTS),
        practical="continuity",
        classes=WHOLE,
        split="patient",
        subject="continuity",
        plain=Plain(
            Text("Kontinuitet, vanligaste läkaren (UPC)", "Continuity, usual physician (UPC)"),
            Text(
                "andel av en patients besök som den vanligaste läkaren gjorde, 0–1; patienter med minst tre besök",
                "share of a patient's visits made by the most usual physician, 0–1; patients with at least three "
                "visits",
            ),
            2,
        ),
    ),
    MeasureDefinition(
        "coc",
        Text("Kontinuitet, COC", "Continuity, COC"),
        "index",
        Text(
            "(summan av n_j² − n) / (n (n − 1)), där n_j av patientens n besök gjordes av läkare j, medel över "
            "patienter med minst tre besök; ronder ingår inte; n = patienter",
            "(sum of n_j² − n) / (n (n − 1)), where physician j made n_j of the patient's n visits, mean over "
            "patients with at least three visits; rounds are left out; n = patients (Bice and Boxerman 1977)",
        ),
        "higher",
        Ratio(COC, PATIENTS),
        practical="continuity",
        classes=WHOLE,
        split="patient",
        subject="continuity",
        plain=Plain(
            Text("Kontinuitet, få läkare (COC)", "Continuity, few physicians (COC)"),
            Text(
                "1 när samma läkare gjort alla en patients besök, 0 när alla gjordes av olika; minst tre besök",
                "1 when one physician made all of a patient's visits, 0 when each was made by another; three or more",
            ),
            2,
        ),
    ),
)
