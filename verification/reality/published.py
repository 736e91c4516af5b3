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
    Published("per 1000, Norway", "home visits out of hours per 1 000 inhabitants and year, Norway", 6.0, 6.0, 13.0,
              "a year", "measured", "Hansen et al., BMC Health Serv Res 2009;9:123 (6 home visits; 13 with call-outs)",
              "Norwegian legevakt sees everybody, the model only patients of home care, homes and the other groups."),
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
    ("physician home visits in Halland", "no count has been found", "there is nothing to compare with"),
)  # fmt: skip
