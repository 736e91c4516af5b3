"""Every measure once: name, title, unit, formula, direction and practical threshold. Also the data dictionary."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from sim.codes import ACUTE, CLASSES, PLANNED, UNPLANNED
from sim.language.units import unit
from sim.text import Text

Better = Literal["lower", "higher", "none"]

CELL_CLASSES: Final = ("all", "acute", "planned", *CLASSES)
CURVE_CLASSES: Final = (*ACUTE, "acute")
CURVE_GRID: Final = tuple(range(0, 490, 10))  # minutes, evenly spaced from 0
HOUR_STATES: Final = ("on_shift", "driving", "on_scene", "documenting", "telephone")
_UNPLANNED_CELLS: Final = ("acute", *UNPLANNED)
_PLANNED_CELLS: Final = ("planned", *PLANNED)
_WIDE_CELLS: Final = ("all", "acute", "planned")


class MeasureDefinition(NamedTuple):
    """What a measure means.

    `unit` is a name of `sim.language.units`; `better` says which direction is an improvement; `practical` is the key
    under `comparison.practical` in a scenario that holds its practical-difference threshold ("" for none);
    `classes` are the classes of request (see `CELL_CLASSES`) it is made for;
    `split` says which cells it is made for: "request" (municipality of the patient, group, window), "patient"
    (municipality, group), "shift" (municipality of the base) or "county" (one value); `headline` is the class spoken of
    in verdict sentences, "" when it is not.
    """

    name: str
    title: Text
    unit: str
    formula: Text
    better: Better
    practical: str
    classes: tuple[str, ...] = CELL_CLASSES
    split: Literal["request", "patient", "shift", "county"] = "request"
    headline: str = ""


MEASURES: Final[tuple[MeasureDefinition, ...]] = (
    MeasureDefinition(
        "requests", Text("Behov", "Requests"), "per year",
        Text("antal anmälda behov, räknat på 52 veckor", "requests logged, scaled to 52 weeks"), "none", "",
    ),
    MeasureDefinition(
        "visits", Text("Besök", "Visits"), "per year",
        Text("sedda patienter vid avslutade stopp, räknat på 52 veckor; n = avslutade stopp",
             "patients seen at completed stops, scaled to 52 weeks; n = completed stops"), "higher", "",
    ),
    MeasureDefinition(
        "stops", Text("Stopp", "Stops"), "per year",
        Text("avslutade stopp, räknat på 52 veckor; en rond är ett stopp med flera besök",
             "completed stops, scaled to 52 weeks; a round is one stop with several visits"), "none", "", _WIDE_CELLS,
    ),
    MeasureDefinition(
        "response_min", Text("Svarstid", "Response time"), "min",
        Text("medel av t4 − t1 bland besökta", "mean of t4 − t1 among those visited"),
        "lower", "response_min", _UNPLANNED_CELLS, headline="acute",
    ),
    MeasureDefinition(
        "response_logged_min", Text("Svarstid från anmälan", "Response time from the call"), "min",
        Text("medel av t4 − t0 bland besökta", "mean of t4 − t0 among those visited"),
        "lower", "response_min", _UNPLANNED_CELLS,
    ),
    MeasureDefinition(
        "response_p90_min", Text("Svarstid, 90:e percentilen", "Response time, 90th percentile"), "min",
        Text("minsta observerade t4 − t1 som minst 90 % av de beställda besöken inte överskrider; eskalerade och öppna "
             "räknas som oändligt långa, och värdet saknas när percentilen faller bland dem",
             "smallest observed t4 − t1 that at least 90% of the ordered visits do not exceed; escalated and open ones "
             "count as infinite, and the value is missing when the percentile falls among them"),
        "lower", "response_min", _UNPLANNED_CELLS,
    ),
    MeasureDefinition(
        "queue_min", Text("Kötid", "Queue time"), "min",
        Text("medel av t3 − t1 bland besökta; kötid + restid = svarstid",
             "mean of t3 − t1 among those visited; queue + travel = response"),
        "lower", "response_min", _UNPLANNED_CELLS,
    ),
    MeasureDefinition(
        "travel_min", Text("Restid till patienten", "Travel time to the patient"), "min",
        Text("medel av t4 − t3 bland besökta", "mean of t4 − t3 among those visited"), "lower", "travel_min",
    ),
    MeasureDefinition(
        "in_target", Text("Inom målet", "Within target"), "share",
        Text("andel av de beställda besöken med t4 − t1 ≤ målet; eskalerade och de öppna som väntat minst så länge som "
             "målet är missar; öppna som väntat kortare än målet ingår inte",
             "share of ordered visits with t4 − t1 ≤ target; escalated ones, and open ones that have waited at least "
             "as long as the target, are misses; open ones that have waited less are left out"),
        "higher", "in_target_pp", _UNPLANNED_CELLS, headline="acute",
    ),
    MeasureDefinition(
        "escalated", Text("Eskalerade", "Escalated"), "share",
        Text("andel av behoven där tålamodet tog slut innan någon hade gett sig av",
             "share of requests whose patience ran out before anyone had set out"),
        "lower", "share_pp", headline="acute",
    ),
    MeasureDefinition(
        "escalated_per_year", Text("Eskalerade per år", "Escalated a year"), "per year",
        Text("eskalerade behov, räknat på 52 veckor", "requests escalated, scaled to 52 weeks"),
        "lower", "", ("all", "acute", *UNPLANNED),
    ),
    MeasureDefinition(
        "telephone", Text("Lösta per telefon", "Solved by telephone"), "share",
        Text("andel av behoven som löstes per telefon", "share of requests solved by telephone"),
        "none", "share_pp", ("all", "acute", *UNPLANNED),
    ),
    MeasureDefinition(
        "telephone_per_year", Text("Lösta per telefon per år", "Solved by telephone a year"), "per year",
        Text("behov som löstes per telefon, räknat på 52 veckor", "requests solved by telephone, scaled to 52 weeks"),
        "none", "", ("all",),
    ),
    MeasureDefinition(
        "cancelled", Text("Återtagna", "Cancelled"), "share",
        Text("andel av behoven där patienten lämnade vården i hemmet innan någon kom",
             "share of requests whose patient left care at home before anyone came"),
        "lower", "share_pp", _WIDE_CELLS,
    ),
    MeasureDefinition(
        "cancelled_per_year", Text("Återtagna per år", "Cancelled a year"), "per year",
        Text("återtagna behov, räknat på 52 veckor", "requests cancelled, scaled to 52 weeks"), "lower", "", ("all",),
    ),
    MeasureDefinition(
        "referred", Text("Hänvisade", "Referred"), "share",
        Text("andel av behoven som inte togs emot utan hänvisades till vårdcentral, akutmottagning eller telefon",
             "share of requests that were not accepted but referred to vårdcentral, emergency department or telephone"),
        "none", "share_pp", _WIDE_CELLS,
    ),
    MeasureDefinition(
        "referred_per_year", Text("Hänvisade per år", "Referred a year"), "per year",
        Text("hänvisade behov, räknat på 52 veckor", "requests referred, scaled to 52 weeks"), "none", "", ("all",),
    ),
    MeasureDefinition(
        "referred_to_vardcentral", Text("Hänvisade till vårdcentral", "Referred to vårdcentral"), "per year",
        Text("av de hänvisade, räknat på 52 veckor; n = hänvisade",
             "of those referred, scaled to 52 weeks; n = referred"),
        "none", "", ("all",),
    ),
    MeasureDefinition(
        "referred_to_ed", Text("Hänvisade till akutmottagning", "Referred to emergency department"), "per year",
        Text("av de hänvisade, räknat på 52 veckor; n = hänvisade",
             "of those referred, scaled to 52 weeks; n = referred"),
        "none", "", ("all",),
    ),
    MeasureDefinition(
        "referred_to_telephone", Text("Hänvisade till telefon", "Referred to telephone"), "per year",
        Text("av de hänvisade, räknat på 52 veckor; n = hänvisade",
             "of those referred, scaled to 52 weeks; n = referred"),
        "none", "", ("all",),
    ),
    MeasureDefinition(
        "conveyed", Text("Tagna till sjukhus", "Conveyed"), "share",
        Text("andel av de avslutade stoppen där läkaren lät föra patienten till sjukhus; n = avslutade stopp",
             "share of completed stops at which the physician had the patient taken to hospital; n = completed stops"),
        "none", "share_pp", ("all", "acute", *UNPLANNED),
    ),
    MeasureDefinition(
        "conveyed_per_year", Text("Tagna till sjukhus per år", "Conveyed a year"), "per year",
        Text("patienter som läkaren lät föra till sjukhus, räknat på 52 veckor; n = avslutade stopp",
             "patients that the physician had taken to hospital, scaled to 52 weeks; n = completed stops"),
        "none", "", ("all",),
    ),
    MeasureDefinition(
        "waiting_h_per_year", Text("Patienternas väntan", "Patients' waiting"), "h/year",
        Text("tid från t1 till dess läkaren kom, behovet eskalerade eller perioden slutade, alla oplanerade beställda "
             "besök tillsammans, räknat på 52 veckor",
             "time from t1 until the physician came, the request escalated or the period ended, all ordered unplanned "
             "visits together, scaled to 52 weeks"),
        "lower", "", ("all", "acute", *UNPLANNED),
    ),
    MeasureDefinition(
        "open", Text("Öppna vid slutet", "Open at the end"), "share",
        Text("andel av behoven som varken är klara, eskalerade eller avslutade på annat sätt vid periodens slut",
             "share of requests neither done, escalated nor ended otherwise at the end of the period"),
        "lower", "share_pp",
    ),
    MeasureDefinition(
        "open_age_days", Text("Ålder på öppna behov", "Age of open requests"), "days",
        Text("medel av periodens slut − t0 bland öppna behov", "mean of end of period − t0 among open requests"),
        "lower", "",
    ),
    MeasureDefinition(
        "on_promised_day", Text("Inom utlovad tid", "By the promised day"), "share",
        Text("andel besökta senast den sista utlovade dagen, av dem vars sista dag har gått till ända inom perioden; "
             "den som lämnade vården i hemmet obesökt dessförinnan ingår inte",
             "share visited on or before the last promised day, of those whose last day ended within the period; those "
             "who left care at home unvisited before then are left out"),
        "higher", "in_target_pp", _PLANNED_CELLS, headline="planned",
    ),
    MeasureDefinition(
        "broken_promises", Text("Brutna löften", "Broken promises"), "per year",
        Text("ronder och planerade besök som inte gjordes senast den sista utlovade dagen, räknat på 52 veckor",
             "rounds and planned visits not made on or before the last promised day, scaled to 52 weeks"),
        "lower", "", _PLANNED_CELLS,
    ),
    MeasureDefinition(
        "not_reached_per_year", Text("Ej hunna i dagens tur", "Not reached on the day's tour"), "per year",
        Text("gånger som en rond eller ett planerat besök stod i en tur som inte hann dit, räknat på 52 veckor",
             "times that a round or planned visit was on a tour that did not get there, scaled to 52 weeks"),
        "lower", "", _PLANNED_CELLS,
    ),
    MeasureDefinition(
        "days_to_visit", Text("Dygn till besök", "Days to visit"), "days",
        Text("medel av t4 − t0 bland besökta", "mean of t4 − t0 among those visited"), "lower", "", _PLANNED_CELLS,
    ),
    MeasureDefinition(
        "by_named", Text("Av fast läkare", "By the named physician"), "share",
        Text("andel av de avslutade stoppen hos listade patienter och hem som gjordes av den fasta läkarkontakten; en "
             "läkare som inte ingår i organisationen kan inte komma",
             "share of completed stops with listed patients and homes that were made by the named physician (fast "
             "läkarkontakt); a physician outside the organisation cannot come"),
        "higher", "share_pp", _WIDE_CELLS,
    ),
    MeasureDefinition(
        "by_own_vardcentral", Text("Av egen vårdcentral", "By own vårdcentral"), "share",
        Text("andel av de avslutade stoppen hos listade patienter och hem som gjordes från den egna vårdcentralen",
             "share of completed stops with listed patients and homes that were made from their own vårdcentral"),
        "higher", "share_pp", _WIDE_CELLS,
    ),
    MeasureDefinition(
        "upc", Text("Kontinuitet, UPC", "Continuity, UPC"), "index",
        Text("störst andel av en patients besök som gjordes av en och samma läkare, medel över patienter med minst tre "
             "besök; ronder ingår inte; n = patienter",
             "largest share of a patient's visits made by one physician, mean over patients with at least three "
             "visits; rounds are left out; n = patients (Breslau and Reeb 1975)"),
        "higher", "", ("all",), "patient",
    ),
    MeasureDefinition(
        "coc", Text("Kontinuitet, COC", "Continuity, COC"), "index",
        Text("(summan av n_j² − n) / (n (n − 1)), där n_j av patientens n besök gjordes av läkare j, medel över "
             "patienter med minst tre besök; ronder ingår inte; n = patienter",
             "(sum of n_j² − n) / (n (n − 1)), where physician j made n_j of the patient's n visits, mean over "
             "patients with at least three visits; rounds are left out; n = patients (Bice and Boxerman 1977)"),
        "higher", "", ("all",), "patient",
    ),
    MeasureDefinition(
        "hours_per_week", Text("Läkartimmar", "Physician-hours"), "h/week",
        Text("schemalagda timmar i veckan", "scheduled hours a week"), "none", "load_h_per_week", ("all",), "shift",
    ),
    MeasureDefinition(
        "visits_per_hour", Text("Besök per läkartimme", "Visits per physician-hour"), "per hour",
        Text("besök / schemalagda timmar", "visits / scheduled hours"), "higher", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "stops_per_hour", Text("Stopp per läkartimme", "Stops per physician-hour"), "per hour",
        Text("stopp / schemalagda timmar; en rond är ett stopp med flera besök",
             "stops / scheduled hours; a round is one stop with several visits"), "none", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "utilisation", Text("Läkarbelastning", "Physician load"), "share",
        Text("(körning + hos patient + dokumentation + telefon) / schemalagd tid; läses ihop med antalet besök",
             "(driving + on scene + documenting + telephone) / scheduled time; read it beside the number of visits"),
        "lower", "load_pp", ("all",), "shift", "all",
    ),
    MeasureDefinition(
        "driving_share", Text("Andel körning", "Share driving"), "share",
        Text("körning, hemresor inräknade / betald tid", "driving, legs home included / paid time"),
        "lower", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "on_scene_share", Text("Andel hos patient", "Share on scene"), "share",
        Text("tid hos patient / betald tid", "time on scene / paid time"), "none", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "documenting_share", Text("Andel dokumentation", "Share documenting"), "share",
        Text("dokumentation / betald tid", "documenting / paid time"), "none", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "telephone_time_share", Text("Andel telefon", "Share on the telephone"), "share",
        Text("samtal / betald tid", "calls / paid time"), "none", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "idle_share", Text("Andel beredskap", "Share on stand-by"), "share",
        Text("övrig tid / betald tid; de fem andelarna har summan 1",
             "remaining time / paid time; the five shares sum to 1"), "none", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "travel_min_per_visit", Text("Restid per besök", "Travel per visit"), "min",
        Text("körning, hemresor inräknade / besök", "driving, legs home included / visits"),
        "lower", "travel_min", ("all",), "shift", "all",
    ),
    MeasureDefinition(
        "km_per_visit", Text("Kilometer per besök", "Kilometres per visit"), "km",
        Text("körda km, hemresor inräknade / besök", "km driven, legs home included / visits"),
        "lower", "travel_km", ("all",), "shift",
    ),
    MeasureDefinition(
        "km_per_stop", Text("Kilometer per stopp", "Kilometres per stop"), "km",
        Text("körda km, hemresor inräknade / stopp", "km driven, legs home included / stops"),
        "lower", "travel_km", ("all",), "shift",
    ),
    MeasureDefinition(
        "overtime_h_per_week", Text("Övertid", "Overtime"), "h/week",
        Text("tid efter passets slut tills läkaren är hemma, timmar i veckan för alla läkare tillsammans",
             "time after the end of the shift until home, hours a week for all physicians together"),
        "lower", "load_h_per_week", ("all",), "shift", "all",
    ),
    MeasureDefinition(
        "visits_per_shift", Text("Besök per pass", "Visits per shift"), "visits",
        Text("besök / pass", "visits / shifts"), "none", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "visits_per_shift_p95", Text("Besök per pass, 95:e percentilen", "Visits per shift, 95th percentile"), "visits",
        Text("minsta antal besök som minst 95 % av passen inte överskrider",
             "smallest number of visits that at least 95% of the shifts do not exceed"), "none", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "nights_disturbed", Text("Störda nätter", "Nights disturbed"), "share",
        Text("andel av passen med schemalagd tid mellan 00 och 05 där läkaren mellan 00 och 05 var ute (t3 till t6) "
             "eller skötte ett samtal",
             "share of the shifts with rostered time between 00 and 05 in which the physician was out (t3 to t6) or "
             "had a call between 00 and 05"),
        "lower", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "longest_stretch_h", Text("Längsta arbetspass", "Longest stretch"), "h",
        Text("längsta tid från ett pass början till hemkomst utan 11 timmars vila emellan; hela passet räknas som "
             "arbete",
             "longest time from the start of a shift until home without 11 hours of rest in between; the whole shift "
             "counts as work"),
        "lower", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "rest_breaches", Text("Brott mot 11 timmars vila", "Breaches of 11 hours' rest"), "per year",
        Text("pass som började mindre än 11 timmar efter läkarens förra hemkomst och slutade mer än 13 timmar efter "
             "det första passet efter en sådan vila, räknat på 52 veckor (arbetstidslagen 13 §)",
             "shifts that began less than 11 hours after the physician last was home and ended more than 13 hours "
             "after the first shift since such a rest, scaled to 52 weeks (arbetstidslagen, section 13)"),
        "lower", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "long_days", Text("Pass över 13 timmar", "Shifts over 13 hours"), "per year",
        Text("pass som med övertid varade mer än 13 timmar, räknat på 52 veckor; lagen räknar jour som arbetstid men "
             "inte beredskap i hemmet",
             "shifts that with overtime lasted more than 13 hours, scaled to 52 weeks; the law counts jour as working "
             "time but not beredskap at home"),
        "lower", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "long_weeks", Text("Veckor över 48 timmar", "Weeks over 48 hours"), "per year",
        Text("läkarveckor (måndag–söndag) med mer än 48 timmar i tjänst, övertid inräknad, räknat på 52 veckor; "
             "n = läkarveckor med arbete (arbetstidslagen 10 b § gäller medel över högst fyra månader)",
             "physician-weeks (Monday–Sunday) with more than 48 hours on duty, overtime included, scaled to 52 weeks; "
             "n = physician-weeks with work (arbetstidslagen, section 10 b, is about the mean over at most four "
             "months)"),
        "lower", "", ("all",), "county",
    ),
    MeasureDefinition(
        "clinic_h_per_week", Text("Undanträngd mottagningstid", "Clinic hours displaced"), "h/week",
        Text("schemalagda timmar i veckan i pooler vars tid tas från mottagningen; n = sådana pass",
             "scheduled hours a week in pools whose time is taken from clinic sessions; n = such shifts"),
        "lower", "load_h_per_week", ("all",), "shift",
    ),
    MeasureDefinition(
        "load_spread", Text("Spridning i belastning", "Spread of load"), "share",
        Text("standardavvikelse (delat med n) mellan läkare av belastningen; n = läkare",
             "standard deviation (divided by n) between physicians of their load; n = physicians"),
        "lower", "load_pp", ("all",), "shift",
    ),
    MeasureDefinition(
        "hours_gini", Text("Ojämnhet i arbete mellan läkare", "Inequality of work between physicians"), "index",
        Text("Gini för timmarna i körning, hos patient, dokumentation och telefon mellan läkare; n = läkare",
             "Gini of hours driving, on scene, documenting and on the telephone between physicians; n = physicians"),
        "lower", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "gap_response_min", Text("Skillnad i svarstid mellan kommuner", "Gap in response time between municipalities"),
        "min",
        Text("längsta − kortaste svarstid bland kommunerna; n = kommuner med värde",
             "longest − shortest response time among municipalities; n = municipalities with a value"),
        "lower", "response_min", ("acute",), "county", "acute",
    ),
    MeasureDefinition(
        "gap_in_target", Text("Skillnad i måluppfyllelse mellan kommuner", "Gap within target between municipalities"),
        "share",
        Text("högsta − lägsta andel inom målet bland kommunerna",
             "highest − lowest share within target among municipalities"),
        "lower", "in_target_pp", ("acute",), "county",
    ),
    MeasureDefinition(
        "gini_response", Text("Ginikoefficient för svarstid", "Gini coefficient of response time"), "index",
        Text("Gini för kommunernas svarstider, vägd med folkmängd",
             "Gini of the municipalities' response times, weighted by population"), "lower", "", ("acute",), "county",
    ),
    MeasureDefinition(
        "gini_in_target", Text("Ginikoefficient för måluppfyllelse", "Gini coefficient of share within target"),
        "index",
        Text("Gini för kommunernas andelar inom målet, vägd med folkmängd",
             "Gini of the municipalities' shares within target, weighted by population"),
        "lower", "", ("acute",), "county",
    ),
    MeasureDefinition(
        "km_per_year", Text("Körsträcka", "Distance driven"), "km/year",
        Text("körda km, hemresor inräknade, räknat på 52 veckor", "km driven, legs home included, scaled to 52 weeks"),
        "lower", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "co2_kg_per_year", Text("Koldioxid", "Carbon dioxide"), "kg/year",
        Text("körda km × utsläpp per km", "km driven × emission per km"), "lower", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "contractor_h_per_year", Text("Entreprenörstimmar", "Contractor hours"), "h/year",
        Text("betalda timmar i entreprenörers pooler, räknat på 52 veckor",
             "paid hours in contractors' pools, scaled to 52 weeks"), "none", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "transports", Text("Ambulanstransporter", "Ambulance transports"), "per year",
        Text("eskalerade A1 + patienter som läkaren lät föra till sjukhus, räknat på 52 veckor",
             "escalated A1 + patients that the physician had taken to hospital, scaled to 52 weeks"),
        "lower", "", ("all",),
    ),
    MeasureDefinition(
        "ed_visits", Text("Besök på akutmottagning", "Emergency department visits"), "per year",
        Text("eskalerade A1, A2 och A3 + hänvisade till akutmottagning, räknat på 52 veckor; den som en läkare har "
             "bedömt och fört till sjukhus läggs in utan att räknas här",
             "escalated A1, A2 and A3 + those referred to the emergency department, scaled to 52 weeks; who has been "
             "assessed by a physician and conveyed is admitted and not counted here"),
        "lower", "", ("all",),
    ),
    MeasureDefinition(
        "ward_days", Text("Vårddygn på palliativ avdelning", "Days on a palliative ward"), "days/year",
        Text("eskalerade PAL × dygn per vårdtillfälle, räknat på 52 veckor",
             "escalated PAL × days per stay, scaled to 52 weeks"), "lower", "", ("all",),
    ),
    MeasureDefinition(
        "nurse_h_per_year", Text("Sjukskötersketimmar", "Nurse hours"), "h/year",
        Text("grupperna G1–G5: läkarens tid hos patienten × andel med kommunens sjuksköterska + väntan i A1 och PAL × "
             "andel då hon är kvar hos patienten, räknat på 52 veckor",
             "groups G1–G5: the physician's time on scene × share with the municipality's nurse + waiting in A1 and "
             "PAL × share during which she stays with the patient, scaled to 52 weeks"),
        "lower", "", ("all",),
    ),
    MeasureDefinition(
        "cost_physicians", Text("Kostnad, läkare", "Cost, physicians"), "SEK/year",
        Text("betalda timmar, med betald vila efter passet, × poolens timkostnad, räknat på 52 veckor",
             "paid hours, with paid rest after the shift, × the pool's cost per hour, scaled to 52 weeks"),
        "lower", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "cost_contractor", Text("Kostnad, varav entreprenörer", "Cost, contractors' part"), "SEK/year",
        Text("den del av läkarkostnaden som gäller entreprenörers pooler",
             "the part of the physicians' cost that is for contractors' pools"), "none", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "cost_travel", Text("Kostnad, bil", "Cost, cars"), "SEK/year",
        Text("körda km × kostnad per km i regionens egna pooler; entreprenörens timpris innefattar bil",
             "km driven × cost per km in the region's own pools; a contractor's hourly price includes the car"),
        "lower", "", ("all",), "shift",
    ),
    MeasureDefinition(
        "cost_transports", Text("Kostnad, ambulans", "Cost, ambulance"), "SEK/year",
        Text("ambulanstransporter × kostnad per transport", "ambulance transports × cost of one"),
        "lower", "", ("all",),
    ),
    MeasureDefinition(
        "cost_ed", Text("Kostnad, akutmottagning", "Cost, emergency department"), "SEK/year",
        Text("besök på akutmottagning × kostnad per besök", "emergency department visits × cost of one"),
        "lower", "", ("all",),
    ),
    MeasureDefinition(
        "cost_ward", Text("Kostnad, palliativ avdelning", "Cost, palliative ward"), "SEK/year",
        Text("vårddygn × kostnad per vårddygn", "ward days × cost of a day"), "lower", "", ("all",),
    ),
    MeasureDefinition(
        "cost_vardcentral", Text("Kostnad, hänvisade till vårdcentral", "Cost, referred to vårdcentral"), "SEK/year",
        Text("hänvisade till vårdcentral × kostnad per läkarbesök där",
             "those referred to vårdcentral × cost of a physician visit there"), "none", "", ("all",),
    ),
    MeasureDefinition(
        "cost_municipalities", Text("Kostnad, kommunerna", "Cost, municipalities"), "SEK/year",
        Text("sjukskötersketimmar × kostnad per timme", "nurse hours × cost per hour"), "lower", "", ("all",),
    ),
    MeasureDefinition(
        "cost_region", Text("Kostnad, regionen", "Cost, region"), "SEK/year",
        Text("läkare + bil + ambulans + akutmottagning + palliativ avdelning + hänvisade till vårdcentral; n = stopp",
             "physicians + cars + ambulance + emergency department + palliative ward + referred to vårdcentral; "
             "n = stops"), "lower", "", ("all",), "county",
    ),
    MeasureDefinition(
        "cost_total", Text("Kostnad, region och kommuner", "Cost, region and municipalities"), "SEK/year",
        Text("regionens + kommunernas kostnad; n = stopp", "the region's + the municipalities' cost; n = stops"),
        "lower", "", ("all",), "county",
    ),
    MeasureDefinition(
        "cost_per_visit", Text("Kostnad per besök", "Cost per visit"), "SEK",
        Text("regionens + kommunernas kostnad / besök; n = stopp",
             "the region's + the municipalities' cost / visits; n = stops"), "lower", "", ("all",), "county",
    ),
)  # fmt: skip

# In the order they are spoken.
HEADLINES: Final[tuple[tuple[str, str], ...]] = tuple(
    (item.name, item.headline)
    for name in (
        "response_min", "in_target", "escalated", "gap_response_min",
        "travel_min_per_visit", "utilisation", "overtime_h_per_week", "on_promised_day",
    )
    for item in MEASURES
    if item.name == name
)  # fmt: skip

_BETTER: Final = {
    "lower": Text("lägre", "lower"),
    "higher": Text("högre", "higher"),
    "none": Text("–", "–"),
}
_SPLITS: Final = {
    "request": Text("patientens kommun; grupp; fönster", "patient's municipality; group; window"),
    "patient": Text("patientens kommun; grupp", "patient's municipality; group"),
    "shift": Text("basens kommun", "municipality of the base"),
    "county": Text("hela regionen", "whole region"),
}
_HEAD: Final = Text(
    "| mått | betyder | enhet | bättre | praktisk skillnad | klasser | delas på | beräkning |",
    "| measure | means | unit | better | practical difference | classes | split by | formula |",
)
_TITLE: Final = Text("Måtten", "The measures")
_CONVENTIONS: Final[tuple[Text, ...]] = (
    Text("Tider: t0 anmält, t1 besök beställt, t2 tilldelat, t3 gav sig av, t4 framme, t5 lämnade, t6 dokumenterat.",
         "Times: t0 logged, t1 visit ordered, t2 assigned, t3 set out, t4 arrived, t5 left, t6 documented."),
    Text("Ett behov räknas om det anmäldes efter uppvärmningen, ett pass om det började efter uppvärmningen.",
         "A request counts if it was logged after the warm-up, a shift if it began after the warm-up."),
    Text("Ett beställt besök är ett behov med t1 inom perioden som inte löstes per telefon, återtogs eller hänvisades. "
         "Besökta är de med t4 inom perioden.",
         "An ordered visit is a request with t1 inside the period that was not solved by telephone, cancelled or "
         "referred. Visited means t4 inside the period."),
    Text("Fönstret för ett behov är fönstret för den timme då besöket beställdes; behov som ännu inte beställts vid "
         "slutet hör till den sista timmens fönster.",
         "The window of a request is the window of the hour in which the visit was ordered; requests not yet ordered "
         "at the end belong to the window of the last hour."),
    Text("Klassen acute är A1 + A2 + A3, planned är R + P. Ordet all står där en dimension inte delas. Andelar är 0–1.",
         "The class acute is A1 + A2 + A3, planned is R + P. The word all stands where a dimension is not split. "
         "Shares are 0–1."),
    Text("Priser och andelar under kostnaderna är antaganden i scenariots avsnitt costs, de flesta uppskattade. Ingen "
         "undviken inläggning räknas in.",
         "Prices and shares behind the costs are assumptions in the scenario's part costs, most of them estimates. No "
         "avoided admission is counted."),
    Text("Percentiler är exakta ordningsstatistikor (Hyndman och Fan typ 1). n är nämnaren. Värdet saknas när n = 0.",
         "Percentiles are exact order statistics (Hyndman and Fan type 1). n is the denominator. The value is missing "
         "when n = 0."),
    Text("Schemalagd tid är passets början till slut; betald tid till dess läkaren är hemma.",
         "Scheduled time is from the start to the end of the shift; paid time lasts until the physician is home."),
    Text("Av ett samtal är t4 och t5 början och slut. Samtal är inga besök; öppna samtal är inte beställda besök.",
         "Of a call t4 and t5 are the beginning and the end. Calls are no visits; open calls are no ordered visits."),
    Text("Kurvorna är de kumulativa andelarna framme och eskalerade per minut sedan t1, bland besök beställda minst "
         "480 minuter före periodens slut, så att ingen följs för kort.",
         "The curves are the cumulative shares arrived and escalated by minutes since t1, among visits ordered at "
         "least 480 minutes before the end of the period, so that none is followed too briefly."),
    Text("Timtabellen är medelantalet läkare per veckodag och timme efter uppvärmningen. Resor till patient ligger på "
         "sin minut, och samtal i kolumnen telephone. Journalen har inga klockslag för hemresor: varje pass hemresor "
         "är jämnt utspridda över dess tid mellan stoppen, så att summan stämmer.",
         "The table of hours is the mean number of physicians by weekday and hour after the warm-up. Legs to a patient "
         "are at their minute, and calls in the column telephone. The journal has no clock times for legs home: those "
         "of a shift are spread evenly over its time between stops, so that the sum is right."),
)  # fmt: skip


def definition(name: str) -> MeasureDefinition:
    """The definition of a measure by name; KeyError when there is none."""
    for item in MEASURES:
        if item.name == name:
            return item
    raise KeyError(name)


def dictionary(lang: str) -> str:
    """The data dictionary of the measures in Markdown, made from the definitions; `lang` is sv or en."""
    lines = [f"# {_TITLE.get(lang)}", ""]
    lines += [f"* {text.get(lang)}" for text in _CONVENTIONS]
    lines += ["", _HEAD.get(lang), "|" + "---|" * 8]
    for item in MEASURES:
        cells = (
            f"`{item.name}`",
            item.title.get(lang),
            unit(item.unit).many.get(lang),
            _BETTER[item.better].get(lang),
            f"`{item.practical}`" if item.practical else "–",
            ", ".join(item.classes),
            _SPLITS[item.split].get(lang),
            item.formula.get(lang),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
