"""What is summed of a run: the place of each sum in the rows of a cell. Measures are made of these by name."""

from __future__ import annotations

from typing import Final

# Of the requests of a cell: numbers of requests, and sums over some of them.
ALL, ENDED = 0, 1
DONE_COUNT, TELEPHONE_COUNT, ESCALATED_COUNT, CANCELLED_COUNT, OPEN_COUNT, REFERRED_COUNT = range(ENDED, ENDED + 6)
DONE_VISITS, CONVEYED_COUNT, OPEN_AGE = 7, 8, 9  # the outcomes before have the order of `sim.codes.OUTCOMES`
VISITED, RESPONSE, RESPONSE_LOGGED, QUEUE, TRAVEL, AT_PATIENT = 10, 11, 12, 13, 14, 15
ORDERED, JUDGED, IN_TARGET, WAITING = 16, 17, 18, 19  # of the unplanned
DUE, ON_DAY, BROKEN, NOT_REACHED = 20, 21, 22, 23  # of the planned
LISTED, BY_OWN, BY_NAMED = 24, 25, 26  # of the done
AT_VARDCENTRAL, AT_ED, ON_TELEPHONE = 27, 28, 29  # of the referred, in the order of `sim.codes.ELSEWHERE`
REQUEST_SUMS: Final = 30

# Of the patients of a cell.
PATIENTS, UPC, COC = 0, 1, 2
PATIENT_SUMS: Final = 3

# Of the shifts of a base.
SHIFTS, SCHEDULED, PAID, DRIVING, ON_SCENE, DOCUMENTING, IDLE, OVERTIME = 0, 1, 2, 3, 4, 5, 6, 7
KM, STOPS, VISITS, NIGHTS, DISTURBED, CALLS = 8, 9, 10, 11, 12, 13
CONTRACTOR_TIME, CLINIC_TIME, CLINIC_SHIFTS, SHORT_RESTS, LONG_DAYS = 14, 15, 16, 17, 18
SHIFT_SUMS: Final = 19
BUSY, HOURS = 19, 20  # made of the others: driving, on scene, documenting and on the telephone; scheduled hours
SHIFT_SUMS_AND_MADE: Final = 21
