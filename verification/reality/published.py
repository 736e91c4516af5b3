"""The published patterns that the default scenario is laid beside, with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["measured", "published", "derived", "project estimate"]

GIESEN: Final = (
    "Giesen et al., General practice cooperatives: long waiting times for home visits due to long distances?, BMC "
    "Health Serv Res 2007;7:19 (5 827 visits, four cooperatives)"
)
STOCKHOLM: Final = "8 051 visits 2018 and 4 282 in 2017, three cars (annastarbrink.se; Läkartidningen 2019-08)"
SKANE: Final = (
    "4 234 visits by Skåne's läkarbil in January to August 2025 (skane.liberalerna.se 2025-10-17, told by the chair of "
    "the board), x 365/243"
)
NORWAY: Final = "helsedirektoratet.no, allmennlegetjenesten årsrapport 2023, table 9.3"
DUTCH: Final = (
    "The Dutch class is life-threatening complaints, which in Sweden go to 112 and are not in the model: A1 is the "
    "nearest there is. Distance: theirs from the cooperative, here the drive of the physician who came. "
)


@dataclass(frozen=True)
class Published:
    """One published figure. `low` and `high` are its range (equal to `value` where none is given); `share` marks a
    figure between 0 and 1 whose effect is a difference in percentage points, else it is a ratio. `caution` says why
    the two are not quite the same thing."""

    key: str
    what: str
    value: float
    low: float
    high: float
    unit: str
    kind: Kind
    source: str
    caution: str
    share: bool = False


PUBLISHED: Final = (
    Published("within 15, near", "A1 out of hours reached within 15 min, drive under 2.5 km", 0.865, 0.865, 0.865,
              "share", "measured", GIESEN, DUTCH, True),
    Published("within 15, far", "A1 out of hours reached within 15 min, drive of 20 km or more", 0.167, 0.167, 0.167,
              "share", "measured", GIESEN, DUTCH, True),
    Published("within 15, fall", "... fall from the nearest to the farthest", 0.698, 0.698, 0.698, "share", "measured",
              GIESEN, DUTCH, True),
    Published("within 15", "A1 out of hours reached within 15 min, all distances", 0.688, 0.688, 0.688, "share",
              "measured", GIESEN, DUTCH + "The cooperatives lie in towns; Halland has 140 km of coast.", True),
    Published("A2 within 60", "A2 out of hours reached within 1 h", 0.956, 0.956, 0.956, "share", "measured", GIESEN,
              "The Dutch second class (acute) is probably more urgent than A2, whose target is 2 h.", True),
    Published("within 60", "acute out of hours reached within 1 h", 0.887, 0.887, 0.887, "share", "measured", GIESEN,
              "A3 may wait for 6 h; the Dutch mix of urgency is another.", True),
    Published("response", "mean response out of hours, acute", 30.5, 30.5, 30.5, "min", "measured", GIESEN,
              "The Dutch mix of urgency is another, and distances are a fraction of Halland's."),
    Published("visits per hour", "visits per staffed physician-hour out of hours", 0.41, 0.22, 0.60, "an hour",
              "derived", STOCKHOLM + ", divided by 3 x 6 500 h",
              "Hours are staffed hours of all pools between 17 and 08 and on days off. Models put different numbers of "
              "hours there."),
    Published("per 1000, Stockholm", "home visits out of hours per 1 000 inhabitants and year, Stockholm 2018", 3.4,
              3.4, 3.4, "a year", "derived", STOCKHOLM + ", 2.34 million inhabitants (from general knowledge)",
              "Stockholm's cars were one of several providers; what the others did is not in the figure."),
    Published("visits per hour", "visits per staffed car-hour, Skåne 2025", 0.36, 0.24, 0.73, "an hour", "derived",
              SKANE + " / 1, 2 or 3 cars round the clock (vardgivare.skane.se)",
              "A physician and an assistant nurse, day and night; here nights, evenings and days off. Visits only: "
              "calls, wards and certificates that fill the hours of others are not in it."),
    Published("per 1000, Stockholm", "home visits out of hours per 1 000 inhabitants and year, Skåne 2025", 4.45, 3.4,
              6.3, "a year", "derived", SKANE + " / 1.43 million inhabitants (from general knowledge)",
              "All hours and all of the region; ordered by professionals only, beside mobile teams and vårdcentraler."),
    Published("per 1000, Norway", "home visits out of hours per 1 000 inhabitants and year, Norway 2023", 17.2, 13.1,
              17.2, "a year", "measured", NORWAY + " (95 139 visits; 13.1 in 2018)",
              "Norwegian legevakt sees everybody, the model only patients of home care, homes and the other groups."),
    Published("on scene", "mean time on scene, visits to one patient", 28.0, 23.9, 28.0, "min", "measured",
              "Saxony 28 min (BMC Fam Pract 2018, s12875-018-0891-6, 3 673 home visits), Switzerland 23.9 min (Swiss "
              "Med Wkly 2023;153:40038, 1 139 visits)",
              "Family physicians who know their patients, most of them planned; an input here, so only the choice of "
              "it is tested."),
    Published("conveyed", "acute visits after which the patient is taken to hospital", 0.34, 0.254, 0.34, "share",
              "measured", "0.34 by ambulance after 337 home calls in daytime, Oslo (PubMed 14963510); 0.254 of all "
              "contacts out of hours at 65 and over referred, Norway 2008-16 (BMJ Qual Saf)",
              "Neither sorts out planned patients of home care and SÄBO, whom the model has most of; an input here.",
              True),
    Published("telephone", "acute out of hours solved by telephone", 0.443, 0.443, 0.443, "share", "derived",
              "nivel.nl 2017: 257 calls and 323 visits per 1 000 aged 85 and over, huisartsenpost",
              "Of calls and visits in one age group; an input here.", True),
    Published("weekend", "acute visits out of hours that are made on a Saturday or Sunday", 0.365, 0.365, 0.365,
              "share", "measured", "NKLM Vakttårn 2022, contacts of legevakt",
              "All contacts of legevakt, most of them no home visits; some offices are open on weekday daytime too.",
              True),
    Published("out of hours", "home visits out of hours, Halland, a year", 1200, 600, 2100, "a year",
              "project estimate", "3.4 (1.8-6) per 1 000 x 344 000",
              "An estimate made from the Stockholm figure above, no count."),
    Published("per day", "stops per 8 staffed hours of a physician on a full day shift", 4.5, 3.0, 6.0, "a day",
              "project estimate", "no figure found", "Shifts of 7 h or more that begin at 06-10; a round is one stop."),
    Published("same day", "acute ordered in office hours and visited: the same day", 1.0, 0.5, 1.0, "share",
              "published", "Läkartidningen 2020-07: \"i regel få ett besök samma dag\" (läkarmedverkan)",
              "\"As a rule\" has no number: anything above a half is taken to agree.", True),
    Published("all visits", "visits a year in all home settings, residents on rounds counted one by one", 31000, 14000,
              60000, "a year", "project estimate", "SÄBO 2 890 x 6 + home care 4 695 x 2 + short-term care 300 x 12 + "
              "LSS 970 x 0.5",
              "The model's rates are made from the same estimate: this checks that they arrive, not that "
              "they are right."),
    Published("cost", "cost of a visit out of hours", 4720, 4700, 7000, "SEK", "derived",
              "38 million SEK / 8 051 visits (2018), 30 million / 4 282 (2017)",
              "Here staffed hours x the scenario's price of a contractor's hour with car, whoever employs. The price "
              "is derived from the same Stockholm sum, so this is visits per hour in other words."),
)  # fmt: skip

NOT_COMPARABLE: Final = (
    ("use of out-of-hours care falls by half at 43 km from the centre",
     "BMC Health Serv Res 2013;13:222 (Arendal, ten municipalities 2007-2011)",
     "need in the model does not depend on the distance to a base: the patients must be the same everywhere"),
    ("mobile teams do not change inpatient care (randomised trial, n = 62)",
     "Fristedt et al., Clin Interv Aging 2019;14:1911",
     "admissions are not simulated beyond the patient being conveyed; no effect is assumed"),
    ("ambulances reach the most urgent in 15.5 min on average (Halmstad 13.2, Laholm 18.7)",
     "laholmstidning.se 2023-01-12", "the ambulance service is not simulated"),
    ("655 emergency department visits per 1 000 aged 80 and over, Halland 2024", "Kolada U79029",
     "only visits that follow from a home visit that did not come are in the model"),
    ("home visits of every profession: 64.7 per 1 000 inhabitants and year, Skåne 2025",
     "61 589 in January to August (skane.liberalerna.se 2025-10-17) x 365/243 / 1.43 million",
     "physicians only here, and 92 per 1 000 with the residents of rounds counted one by one"),
    ("0.54 to 0.62 physician-hours a week and resident of a nursing home, Norway 2022",
     "helsedirektoratet.no statusrapport autumn 2023, table 4.1",
     "sykehjem have physicians of their own for far sicker residents; the model's rounds take some 0.065"),
    ("home visits in other countries, per 1 000 inhabitants and year: the Netherlands 22 (323 at 85 and over), Denmark "
     "60, Donegal 21",
     "nivel.nl 2017; PMC4137903 (2011, two autumn months x 6); rrh.org.au 6767 (2019)",
     "out-of-hours services that everybody may call; how much is asked for follows how it is organised"),
    ("15.3 referrals to urgent community response per 1 000 and year, England 2023",
     "nhsproviders.org (73 455 in a month)",
     "nurses and therapists, not physicians"),
    ("39 % admitted within 30 days after treatment at home, Esbjerg 2024", "sciety rs-7861485 (1 656 contacts)",
     "what comes after the visit is not simulated"),
    ("a new cooperative halved home visits (odds ratio 0.515, 0.411-0.646), Belgium", "BMC Health Serv Res 2010;10:222",
     "need in the model is the same under every organisation; that is an assumption, and this speaks against it"),
    ("allmänmedicinsk beredskapsjour in Halland 2024: home visits to enrolled persons, vårdintyg, deaths, wards",
     "vardgivare.regionhalland.se allmanmedicinsk-beredskapsjour-i-halland",
     "wards, police and psychiatric emergency departments fill hours that stand empty in the model"),
    ("physician home visits in Halland", "no count has been found", "there is nothing to compare with"),
)  # fmt: skip
