from collections import namedtuple

_rs_IsoCalendarDate = namedtuple("_rs_IsoCalendarDate", "year week weekday")
_rs_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_rs_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)
_rs_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_rs_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def _rs_is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


class _rs_Moment:
    # `kind` is "moment", "day" or "time": what of it is printed. A day has a clock at midnight, a time the day
    # 1900-01-01, as in Python's `strftime`. `epoch` is None where nobody knows it.
    def __init__(
        self, year, month, day, hour, minute, second, microsecond, offset, epoch, zone="",
        kind="moment",
    ):
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
        self.rs_offset = offset
        self.rs_epoch = epoch
        self.rs_zone = zone
        self.rs_kind = kind
        self.fold = 0

    @property
    def tzinfo(self):
        return _rs_the_zone_is_not_followed if self.rs_offset else None

    def tzname(self):
        return self.rs_zone if self.rs_offset else None

    def dst(self):
        return self.tzinfo

    def utcoffset(self):
        return self.tzinfo

    def toordinal(self):
        before = self.year - 1
        days = before * 365 + before // 4 - before // 100 + before // 400
        return days + self.rs_day_of_year()

    def rs_day_of_year(self):
        later = 1 if _rs_is_leap(self.year) and self.month > 2 else 0
        return _rs_BEFORE[self.month - 1] + self.day + later

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return self.weekday() + 1

    # Year and week by ISO 8601: those of the Thursday of the same week.
    def rs_iso(self):
        day, year = self.rs_day_of_year() + 3 - self.weekday(), self.year
        if day < 1:
            year = year - 1
            day = day + (366 if _rs_is_leap(year) else 365)
        elif day > (366 if _rs_is_leap(year) else 365):
            day = day - (366 if _rs_is_leap(year) else 365)
            year = year + 1
        return (year, (day - 1) // 7 + 1)

    def isocalendar(self):
        return _rs_IsoCalendarDate(*self.rs_iso(), self.isoweekday())

    def rs_clock(self, timespec):
        clock = "%02d" % self.hour
        if timespec != "hours":
            clock = clock + ":%02d" % self.minute
        if timespec not in ("hours", "minutes"):
            clock = clock + ":%02d" % self.second
        if timespec == "milliseconds":
            clock = clock + ".%03d" % (self.microsecond // 1000)
        if timespec == "microseconds" or timespec == "auto" and self.microsecond:
            clock = clock + ".%06d" % self.microsecond
        return clock + self.rs_offset

    def isoformat(self, sep="T", timespec="auto"):
        if timespec not in (
            "auto", "hours", "minutes", "seconds", "milliseconds", "microseconds",
        ):
            return _rs_the_timespec_is_not_followed
        day = "%04d-%02d-%02d" % (self.year, self.month, self.day)
        if self.rs_kind == "day":
            return day
        if self.rs_kind == "time":
            return self.rs_clock(timespec)
        return day + sep + self.rs_clock(timespec)

    def __str__(self):
        return self.isoformat(" ")

    def __format__(self, form):
        return self.strftime(form) if form else str(self)

    def date(self):
        return _rs_Moment(self.year, self.month, self.day, 0, 0, 0, 0, "", None, "", "day")

    def time(self):
        return _rs_Moment(
            1900, 1, 1, self.hour, self.minute, self.second, self.microsecond, "", None, "", "time",
        )

    def timetz(self):
        return self.time() if self.rs_offset == "" else _rs_the_zone_is_not_followed

    def ctime(self):
        return self.strftime("%a %b %e %H:%M:%S %Y")

    def timestamp(self):
        if self.rs_epoch is None:
            return _rs_the_epoch_is_not_followed
        if self.rs_offset:
            return self.rs_epoch / 1000000
        return self.rs_epoch // 1000000 + self.microsecond / 1000000

    def replace(
        self, year=None, month=None, day=None, hour=None, minute=None, second=None,
        microsecond=None, tzinfo=1,
    ):
        moves = [part for part in (year, month, day, hour, minute) if part is not None]
        # Another moment may have another offset.
        if tzinfo is not None and (tzinfo != 1 or self.rs_offset and moves):
            return _rs_the_zone_is_not_followed
        year = self.year if year is None else year
        month = self.month if month is None else month
        day = self.day if day is None else day
        hour = self.hour if hour is None else hour
        minute = self.minute if minute is None else minute
        second = self.second if second is None else second
        fraction = self.microsecond if microsecond is None else microsecond
        if not (1 <= year <= 9999 and 1 <= month <= 12 and 0 <= hour <= 23 and 0 <= minute <= 59):
            return _rs_the_change_is_not_followed
        length = 29 if month == 2 and _rs_is_leap(year) else _rs_LENGTHS[month - 1]
        if not (1 <= day <= length and 0 <= second <= 59 and 0 <= fraction <= 999999):
            return _rs_the_change_is_not_followed
        epoch = self.rs_epoch
        if moves or tzinfo is None or epoch is None:
            epoch = None
        else:
            epoch = epoch - self.microsecond + fraction + (second - self.second) * 1000000
        offset = "" if tzinfo is None else self.rs_offset
        zone = "" if tzinfo is None else self.rs_zone
        return _rs_Moment(
            year, month, day, hour, minute, second, fraction, offset, epoch, zone, self.rs_kind,
        )

    # As the C library of Linux in the locale "C", which is the one that Alembic runs in.
    def strftime(self, form):
        text, rest = "", form
        while "%" in rest:
            before, rest = rest.split("%", 1)
            bare = rest.lstrip("-_0^#")
            text = text + before + self.rs_field(bare[:1], rest[:len(rest) - len(bare)])
            rest = bare[1:]
        return text + rest

    # What one letter stands for; `flags` are those of the C library.
    def rs_field(self, letter, flags):
        if letter in ("E", "O", ":", "+") or letter in "123456789" and letter != "":
            return _rs_the_form_is_not_followed
        pads = [flag for flag in flags if flag in "-_0"]
        numbers = self.rs_numbers(letter)
        if numbers is not None:
            value, width, pad = numbers
            pad = pads[-1] if pads else pad
            digits = "%d" % value
            if pad == "-":
                return digits
            return digits.rjust(width, " " if pad == "_" else "0")
        text = self.rs_words(letter, "#" in flags)
        if text is None:
            # Python itself fills in three letters, those without flags; what has no meaning stays.
            if letter in ("f", "z", "Z") and flags == "":
                return self.rs_own_words(letter)
            if letter in ("z", "Z"):
                return _rs_the_form_is_not_followed
            text = "%" if letter == "%" else "%" + flags + letter
        return text.upper() if "^" in flags and letter not in ("P", "") else text

    # The value, its width, and what pads it.
    def rs_numbers(self, letter):
        noon = self.hour % 12 if self.hour % 12 else 12
        if letter == "Y":
            return (self.year, 1, "0")
        if letter == "C":
            return (self.year // 100, 2, "0")
        if letter == "y":
            return (self.year % 100, 2, "0")
        if letter == "m":
            return (self.month, 2, "0")
        if letter in ("d", "e"):
            return (self.day, 2, "_" if letter == "e" else "0")
        if letter in ("H", "k"):
            return (self.hour, 2, "_" if letter == "k" else "0")
        if letter in ("I", "l"):
            return (noon, 2, "_" if letter == "l" else "0")
        if letter == "M":
            return (self.minute, 2, "0")
        if letter == "S":
            return (self.second, 2, "0")
        if letter == "j":
            return (self.rs_day_of_year(), 3, "0")
        if letter == "u":
            return (self.isoweekday(), 1, "0")
        if letter == "w":
            return (self.isoweekday() % 7, 1, "0")
        if letter == "U":
            return ((self.rs_day_of_year() + 6 - self.isoweekday() % 7) // 7, 2, "0")
        if letter == "W":
            return ((self.rs_day_of_year() + 6 - self.weekday()) // 7, 2, "0")
        if letter == "V":
            return (self.rs_iso()[1], 2, "0")
        if letter == "G":
            return (self.rs_iso()[0], 1, "0")
        if letter == "g":
            return (self.rs_iso()[0] % 100, 2, "0")
        if letter == "s" and self.rs_offset == "" and self.rs_epoch is not None:
            return (self.rs_epoch // 1000000, 1, "0")
        if letter == "s":
            return _rs_the_epoch_is_not_followed
        return None

    # None for a letter without words; `swaps` is the flag that changes their case.
    def rs_words(self, letter, swaps):
        day = _rs_DAYS[self.weekday()]
        month = _rs_MONTHS[self.month - 1]
        half = "AM" if self.hour < 12 else "PM"
        names = (("A", day), ("a", day[:3]), ("B", month), ("b", month[:3]), ("h", month[:3]))
        plain = (
            ("p", half.lower() if swaps else half), ("P", half.lower()), ("n", "\n"), ("t", "\t"),
        )
        longer = (
            ("F", "%Y-%m-%d"), ("T", "%H:%M:%S"), ("X", "%H:%M:%S"), ("R", "%H:%M"),
            ("D", "%m/%d/%y"), ("x", "%m/%d/%y"), ("r", "%I:%M:%S %p"),
            ("c", "%a %b %e %H:%M:%S %Y"),
        )
        found = [text.upper() if swaps else text for code, text in names if code == letter]
        found = found + [text for code, text in plain if code == letter]
        found = found + [self.strftime(form) for code, form in longer if code == letter]
        return found[0] if found else None

    def rs_own_words(self, letter):
        if letter == "f":
            return "%06d" % self.microsecond
        if letter == "z":
            return self.rs_offset.replace(":", "")
        return self.rs_zone
