"""The words and cues of date expressions, as patterns."""

import re
from typing import Final

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "January Jan", "February Feb", "March Mar", "April Apr", "May", "June Jun",
            "July Jul", "August Aug", "September Sept Sep", "October Oct", "November Nov",
            "December Dec",
        ), start=1,
    )
    for name in names.split()
}  # fmt: skip
DAYS: Final = {
    name: number
    for number, names in enumerate(
        ("Monday Mon", "Tuesday Tues Tue", "Wednesday Wed", "Thursday Thurs Thur Thu",
         "Friday Fri", "Saturday Sat", "Sunday Sun")
    )
    for name in names.split()
}  # fmt: skip
FIXED_DAYS: Final = {
    "Christmas Day": (12, 25), "Christmas Eve": (12, 24), "Christmas": (12, 25),
    "Boxing Day": (12, 26), "New Year's Eve": (12, 31), "New Year's Day": (1, 1),
    "Valentine's Day": (2, 14), "Halloween": (10, 31), "May Day": (5, 1),
}  # fmt: skip
MONTH: Final = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
WEEKDAY: Final = (
    r"(?:(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    r"|(?:Mon|Tues|Tue|Wed|Thurs|Thur|Thu|Fri|Sat|Sun)\.(?=,?\s)))"
)
DAY: Final = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:%]|,\d{3}|\.\d)"
YEAR: Final = r"(?P<year>(?:1[5-9]|20)\d\d)\b(?!,\d|\.\d|%)"
PART: Final = r"(?P<part>[Ee]arly|[Mm]id(?:dle)?|[Ll]ate)"
UNIT: Final = r"(?P<unit>day|week|month|year|decade)s?"
COUNT: Final = (
    r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|"
    r"twenty|thirty|forty|fifty|sixty|ninety|couple\s+of|few|several)"
)
PARTS_OF_DAY: Final = r"(?P<partofday>\s+(?:morning|afternoon|evening|night|noon|midnight))?"
FUTURE_CUE: Final = re.compile(
    r"\b(?:will|won['’]t|shall|scheduled|due|slated|upcoming|set|plans?|planned|planning|expects?|"
    r"expected|ahead\s+of|going|would|forthcoming|until|deadline)\b|['’]ll\b",
    re.IGNORECASE,
)
CLAUSE: Final = re.compile(r"[.!?;]\s|\n|,\s(?:but|and|who|which)\s|\bsaid\b")
MONTH_CUE: Final = re.compile(
    r"\b(?:in|of|by|since|until|till|from|to|between|through|during|last|next|this|early|late|mid|"
    r"and|for|before|after|[Ii]n|[Ss]ince|[Bb]y|[Ll]ast|[Ee]arly|[Ll]ate|[Bb]etween|[Ff]rom)"
    r"[\s\u00a0-]$"
)
NOT_YEAR: Final = re.compile(
    r"(?:[$€£¥#]|\b(?:No\.|Resolution|resolution|Room|Flight|about|roughly|nearly|over|than|some|"
    r"approximately|around|Order|Model|Type|Article|page|Route)\s)$"
)
YEAR_CUE: Final = re.compile(
    r"\b(?:in|since|until|till|by|from|before|after|during|of|early|late|mid|year|between|to|the|"
    r"through|fiscal|and|around|circa|for|this|spring|summer|autumn|fall|winter|their|its|his|her|"
    r"late-|early-|mid-)[\s\u00a0-]$|['’]s\s$|[(–—-]$|mid-$",
    re.IGNORECASE,
)
WHICH: Final = r"(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his(?:\s+coming)?|[Pp]ast)\s+)?"
OF_YEAR: Final = rf"(?:,?\s+(?:of\s+)?{YEAR}|\s+(?:of\s+)?(?P<ofyear>last|this|next)\s+year)?"
