"""The numbers of WELLBEING.md, and what its text leaves undecided or this model leaves out."""

TICK = 5  # seconds: a beat; every time in a play is a whole number of ticks

MINUTE = 60
HOUR = 60 * MINUTE
SILENCE_COUNTS_AT_MOST = 10 * MINUTE
HEARD_FOR = 15  # three beats, as the code has it; 'covers itself when no beat was acknowledged for 10 s'
COVERS_ITSELF = 10  # 'when no beat was acknowledged for 10 s'
STALE_AFTER = (
    15  # three beats: until then an open desk that is not heard of works (chosen as the code has it)
)
COLOUR_FALLS_BACK_AFTER = 10  # 'falls back to grey after 10 s unless held': a beat of a play holds it
BELIEVED_A_DAY = 5 * MINUTE
CASE_IN_HAND = 5 * MINUTE
POSTPONED_FOR = 5 * MINUTE

AWAY_ENDS_ALL = 8 * HOUR

LONGEST_CASE_FOR_LOAD = 600
BASE = 10
WEIGHT = (0, 0.25, 1, 2, 4)
PRESENTATION = {"shielded": 0.5, "lens": 0.8, "grey": 0.9, "colour": 1.0, "full": 1.1}
MEDIUM = {"text": 0.5, "audio": 0.9}
SOUND = 1.3

WORK_BLOCK, SEVERE_BLOCK, EXTREME_BLOCK = 50 * MINUTE, 25 * MINUTE, 10 * MINUTE
ANY_REST, SHORT, BREAK, LONG = MINUTE, 3 * MINUTE, 10 * MINUTE, 15 * MINUTE
MERGES_FROM = 40 * MINUTE
CLUSTER, CLUSTER_WITHIN, CLUSTERS_A_SHIFT = 3, 15 * MINUTE, 2
RED_SINCE_BREAK = 50
RUN_OF_CATEGORY, RUN_OF_SEVERE = 20, 5

DEFAULT = {
    "minutes_1": 240,
    "minutes_3": 120,
    "minutes_4": 30,
    "cases_3": 150,
    "cases_4": 60,
    "days_of_7": 4,
    "days_in_a_row": 3,
    "weeks_on": 3,
    "load_day": 300,
    "load_7": 1200,
    "load_28": 4200,
}

UNDECIDED = (
    "How much of a silence is heard: the first 15 s after a sign, three beats, as long as the desk is not called silent; what follows is unheard.",
    "When an open desk is silent: once 15 s have passed without a sign. Those 15 s are queue work all the same; the rest begins at the sign.",
    "A stretch that is silent when a break falls due goes on counting until it is heard or 10 min old; the break runs when no content is left.",
    "A case shown on two local dates counts on both; the window of 96 quarters sums what the dates counted.",
    "The 600 s of a case for load are those of one local date, and of each presentation by itself while the load is weighed as it was shown; BASE is charged once on a date, a break in it or not, and bears the sound factor if the case was heard.",
    "In silence colour turns grey 10 s after the last beat that held it.",
    (
        "A day is the local date in all sums. That a part belongs to the date on which it begins is said in the row of planned parts, and holds for that "
        "row: which parts are today's, which hour is the last, what lies between two working days."
    ),
    "A limit that is reached in a silence leaves the case in hand for 5 min from when somebody is heard again.",
    "What is left before the night, the last hour or the end of a part is time left, as minutes of a limit are: a case that needs more is offered later.",
    (
        "A believed silence was covered, and not a rest: a rest begins at a heard sign of a covered stage. The desk was open, so it is queue work, as it is of a "
        "page that covers itself and is heard."
    ),
    (
        "The act with which a desk works again after a break: opening it, coming back, asking for a case, ending other work. A page covers itself too, and what "
        "is refused is no work."
    ),
    "An absence as long as a break answers it also while it is merely due; a break is answered when its person is back, and nothing hangs on its counters before.",
    "Four of any seven days: where four of the six dates before today count, today is closed from its first second; the same for three in a row and weeks.",
    "A week is a local week from Monday.",
    (
        "A limit of so many cases lets so many be seen: the last one goes on once it is counted, that day; what it closes is the next case. Of 0, nothing is seen. "
        "(Else 60 would be 59, and a preset's number could not be reached.)"
    ),
    (
        "What goes on over midnight outside the parts, without a pause of a quarter of an hour, belongs to the working day it goes on from, until a part begins; "
        "the long rests of severity 4 are counted by those days."
    ),
    (
        "What work is for the 8 h and the 11 h: chosen as the code has it, whole quarters of an hour in which anything was shown; the text's 'work', and P9, "
        "rather mean the desk open, waiting included."
    ),
    "The end of a planned working day is the end of its last part, or of its last work if that is later.",
    "After 14 days away: 14 whole local dates without work lie between two worked ones.",
    "After the 8 h of a shift without a plan, time is outside the shift: at most severity 1, until 11 h without work.",
    (
        "Any rest means one of at least a minute, the shortest that a limit may set; it makes the 50-minute break wait once, no longer than 10 min "
        "beyond its 50."
    ),
    "The load since the last break is red at W x time in silent colour: so much fits before that break.",
    "Closing a case of severity 4: its claim ends by any act; parking ends nothing.",
    "The load since the last break, and a run, are no counters of severity: other paid work leaves them. A break that is already due is answered by rest alone.",
    "Other paid work pays spacing after 3 min, as a rest does.",
    "Postponing is possible while the break is due or runs; the 5 min are counted from the act.",
    (
        "Spacing is paid as it is owed: by a case, whatever its severity below 3, that was decided, or seen clearer than its shield and given back; peeking and "
        "skipping pays nothing. The case that causes it does not pay it."
    ),
    "An open desk of which nothing was heard for 8 h is closed, and a beat does not open it: an act does.",
    "'This was too much' while a break runs: 15 min from then, or what was left of the break if that is more.",
    "Stepping away, and other paid work, park the case in hand, as a break does; coming back takes it up.",
    "A run counts cases decided, or shown clearer than their shield and given back; a skip unseen leaves it as it is.",
    "Breaks that fall together: the longer length, the stricter rule for postponing, all causes.",
    "A rest that became the 50-minute break is one of those of which every third is long.",
)

LEFT_OUT = (
    "Rows of the database, subjects, versions, retention and passports: storage, not a rule.",
    "Two clocks, boot ids and the wall going back: the model has one true clock.",
    "Who said what to whom: two minutes ahead, the closed page, the words for leads. The model gives the facts only.",
    "Spread and the medians of several people: the model says what one person may take, not who of many gets it.",
    "Presets other than default: they are other numbers in the same rows.",
    "Load flags, check-ins and who reads what: they close nothing here except by a share that the play gives.",
    "Wellness time and paid absence: payroll.",
)
