"""What the models get to work with: travel, staffing, and choices that cut across the models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, Self

from pydantic import model_validator

from sim.errors import FieldError
from sim.scenario.fields import ESTIMATE, Name, Part, Real, assumption, decision, setting, share, spread
from sim.text import Text

Sharing = Literal["silo", "agreement", "network"]
StayPolicy = Literal["serve", "acute only", "refer"]
SHARING: Final = {
    "silo": Text("silo", "silo"),
    "agreement": Text("avtal", "agreement"),
    "network": Text("nätverk", "network"),
}
STAY_POLICIES: Final = {
    "serve": Text("besök som boende", "served as residents"),
    "acute only": Text("besök bara akut", "served only when acute"),
    "refer": Text("hänvisas", "referred"),
}
REFUSED: Final = "refused"  # the whole that shares of the refused are parts of
WHOLE_TOLERANCE: Final = 1e-6
HOURS: Final = (
    "project estimate: no total found; built from 6 posts in läkarmedverkan (240 h), 2 lines of beredskapsjour "
    "(250 h), 0.06 h per care home resident (170 h), palliative teams and psychiatry (110 h) and 6-7 h at each "
    "vårdcentral"
)
_ONE_WHOLE: Final = Text(
    "refused_to_vardcentral och refused_to_ed är andelar av samma ärenden och får tillsammans vara högst 1, {told} är "
    "{total}; minska en av dem",
    "refused_to_vardcentral and refused_to_ed are shares of the same requests and may be 1 together at most, {told} is "
    "{total}; make one of them less",
)
_METHOD: Final = Text(
    "fältet finns inte längre; skriv matrix: FIL för en matris, eller ta bort både method och matrix för formeln",
    "the field is gone; write matrix: FILE for a matrix, or take away both method and matrix for the formula",
)


class Travel(Part):
    """How travel is found."""

    matrix: Name | None = setting(
        None, "restidsmatris", "travel matrix", none=Text("ingen: formeln", "none: by the formula")
    )
    """The file that travel is taken from, its path relative to this one; null: distance and a fitted speed curve.

    CSV or Parquet with the columns from, to, a time (`minutes`, `seconds` or `hours`) and a length (`km` or `m`).
    """
    weather_factor: Real = assumption(
        1.0,
        0.85,
        1.18,
        "factor",
        "project estimate: most drives that the formula is fitted to are estimates themselves; a mean over a year",
        "restid i rådande väder",
        "travel time in the weather",
        gt=0,
        le=10,
    )
    """Factor on every actual travel time: 1.2 means roads one fifth slower than planned for."""
    cv: Real = spread(0.15, 0.07, 0.31, "spridning i restid", "spread of travel time", ESTIMATE)
    """Coefficient of variation of the actual travel time around the expected (one lognormal factor per request)."""

    @model_validator(mode="before")
    @classmethod
    def _without_method(cls, stated: Any) -> Any:
        """Up to 0.1 a field `method` said whether the matrix counts. What agrees with that is let through."""
        if not isinstance(stated, Mapping) or "method" not in stated:
            return stated
        rest = {name: value for name, value in stated.items() if name != "method"}
        if stated["method"] != ("matrix" if rest.get("matrix") is not None else "formula"):
            raise FieldError(_METHOD, "method")
        return rest


class Staffing(Part):
    """What every model gets to work with."""

    hours_per_week: Real = decision(
        1080, 700, 1300, "h per week", HOURS, "läkartimmar", "physician-hours", gt=0, le=100_000
    )
    """Physician-hours a week that every model gets, within 1 per cent, so that they are compared on equal terms."""
    overtime_max_min: Real = decision(
        60,
        0,
        120,
        "min",
        ESTIMATE,
        "högsta övertid vid passets slut",
        "most overtime at the end of a shift",
        ge=0,
        le=720,
    )
    """No visit is begun that is expected to end later than this many minutes after the end of the shift."""
    break_min: Real = decision(
        30, 0, 45, "min", ESTIMATE + "; at least every five hours (Working Hours Act 1982:673, 15 §)",
        "rast", "break", ge=0, le=120,
    )  # fmt: skip
    """Minutes of each break: one for every five hours of a shift begun after the first five. Acute A1 goes first."""
    planned_share: Real = share(
        0.85, 0.6, 1.0, "andel av passet för planerat arbete", "share of a shift for planned work", kind="decision"
    )
    """How much of a shift may be filled with planned visits and rounds; the rest is kept for what comes."""
    named_weight_min: Real = decision(
        15, 0, 60, "min", ESTIMATE, "omväg för fast läkarkontakt", "detour for the named physician", ge=0, le=1440
    )
    """Minutes of extra driving that a planner accepts so that the named physician comes."""
    absence_share: Real = decision(
        0.0, 0.0, 0.1, "share", ESTIMATE + "; only what comes too late to replace", "korttidsfrånvaro utan vikarie",
        "absence at short notice without a replacement", ge=0, le=1,
    )  # fmt: skip
    """Chance that a physician-shift falls away at short notice, each for itself. Nobody comes instead.

    Who is away is drawn before any model is run. Rostered hours stay equal between the models; those worked are fewer.
    """


class OrganisationPart(Part):
    """Choices that cut across the models."""

    sharing: Sharing | None = setting(
        None, "samverkan över gränser", "sharing across borders", words=SHARING,
        none=Text("enligt modellen", "as the model says"),
    )  # fmt: skip
    """silo (rules and borders), agreement (neighbours, after a delay) or network (who is nearest).

    null: as each model says itself.
    """
    agreement_delay_min: Real = decision(
        30, 10, 60, "min", ESTIMATE, "dröjsmål vid avtal", "delay under an agreement", ge=0, le=1440,
        idle_while={"organisation.sharing": ("silo", "network")},
    )  # fmt: skip
    """Minutes before a neighbour may take over when sharing is agreement."""
    hand_over_min: Real = assumption(10, 4, 25, "min", ESTIMATE, "överrapportering", "hand-over", ge=0, le=240)
    """Minutes by which a pool that takes over from another comes later, and documents longer."""
    threshold: Real = decision(
        0.5, 0.3, 0.7, "score", ESTIMATE + "; how tröskelprincipen is read", "tröskel för hembesök",
        "threshold for home visits", ge=0, le=1,
    )  # fmt: skip
    """People on the border (G6) get home visits when their mobility score is below this: 0 nobody, 1 everybody."""
    single_visit_share: Real = share(
        0.2, 0.0, 0.5, "andel enstaka hembesök över tröskeln", "share of single home visits above the threshold",
        kind="decision", idle_while={"organisation.threshold": (1.0,)},
    )  # fmt: skip
    """Share of requests above the threshold that are met with a single home visit all the same."""
    temporary_stay: StayPolicy = setting("serve", "vid tillfällig vistelse", "at temporary stay", words=STAY_POLICIES)
    """Guests (G7): serve (as residents), acute only, or refer (to vårdcentral, emergency department or telephone)."""
    acute_only_in: tuple[Name, ...] = setting(
        (), "bara akut vid tillfällig vistelse i", "acute only at temporary stay in"
    )
    """Municipalities that serve guests (G7) only when it is acute, such as [Laholm]."""
    referred_in: tuple[Name, ...] = setting((), "hänvisar vid tillfällig vistelse i", "refers at temporary stay in")
    """Municipalities that refer all guests (G7)."""
    closed_bases: tuple[Name, ...] = setting((), "stängda baser", "closed bases")
    """Bases that are closed: names of municipalities (their main town), places or facilities, such as [Varberg].

    Physicians based there start from the nearest main town of a municipality that is open, and drive home to it; they
    serve the same patients. Home-visit windows at a vårdcentral stay: it is the team's base that closes.
    """
    refused_to_vardcentral: Real = share(
        0.6, 0.43, 0.75, "andel hänvisade till vårdcentral", "share of the refused who turn to a vårdcentral",
        whole=REFUSED,
    )  # fmt: skip
    """Of refused requests, the share that is followed to a vårdcentral; A1 always goes to the emergency department."""
    refused_to_ed: Real = share(
        0.15,
        0.07,
        0.29,
        "andel hänvisade till akutmottagning",
        "share of the refused who turn to the emergency department",
        whole=REFUSED,
    )
    """Of refused requests, the share followed to an emergency department. The rest are helped by telephone."""

    @model_validator(mode="after")
    def _refused_are_one_whole(self) -> Self:
        total = self.refused_to_vardcentral + self.refused_to_ed
        if total > 1 + WHOLE_TOLERANCE:
            told = f"{self.refused_to_vardcentral:g} + {self.refused_to_ed:g}"
            raise FieldError(Text(*(text.format(told=told, total=f"{total:.6g}") for text in _ONE_WHOLE)))
        return self
