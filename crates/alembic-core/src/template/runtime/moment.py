_rs_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_rs_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)
_rs_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


class _rs_Moment:
    def __init__(self, year, month, day, hour, minute, second, microsecond, offset, epoch):
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
        self.rs_offset = offset
        self.rs_epoch = epoch

    def weekday(self):
        shifted = (0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4)
        year = self.year - 1 if self.month < 3 else self.year
        sunday = year + year // 4 - year // 100 + year // 400 + shifted[self.month - 1] + self.day
        return (sunday - 1) % 7

    def isoweekday(self):
        return self.weekday() + 1

    def rs_clock(self):
        clock = "%02d:%02d:%02d" % (self.hour, self.minute, self.second)
        if self.microsecond:
            clock = clock + ".%06d" % self.microsecond
        return clock + self.rs_offset

    def isoformat(self, sep="T", timespec="auto"):
        day = "%04d-%02d-%02d" % (self.year, self.month, self.day)
        if timespec == "auto":
            return day + sep + self.rs_clock()
        if timespec == "seconds":
            clock = "%02d:%02d:%02d" % (self.hour, self.minute, self.second)
            return day + sep + clock + self.rs_offset
        if timespec == "minutes":
            return day + sep + "%02d:%02d" % (self.hour, self.minute) + self.rs_offset
        return _rs_the_timespec_is_not_followed

    def __str__(self):
        return self.isoformat(" ")

    def date(self):
        return _rs_Day(self)

    def timestamp(self):
        if self.rs_epoch % 1000000:
            return _rs_the_fraction_is_not_followed
        return float(self.rs_epoch // 1000000)

    def replace(self, microsecond=None, tzinfo=1):
        if microsecond is None and tzinfo == 1:
            return _rs_the_change_is_not_followed
        offset = "" if tzinfo is None else self.rs_offset
        if tzinfo is not None and tzinfo != 1:
            return _rs_the_change_is_not_followed
        fraction = self.microsecond if microsecond is None else microsecond
        return _rs_Moment(
            self.year, self.month, self.day, self.hour, self.minute, self.second, fraction, offset,
            self.rs_epoch - self.microsecond + fraction,
        )

    def rs_day_of_year(self):
        leap = self.year % 4 == 0 and (self.year % 100 != 0 or self.year % 400 == 0)
        return _rs_BEFORE[self.month - 1] + self.day + (1 if leap and self.month > 2 else 0)

    def strftime(self, form):
        day = _rs_DAYS[self.weekday()]
        month = _rs_MONTHS[self.month - 1]
        noon = self.hour % 12
        short = "%02d/%02d/%02d" % (self.month, self.day, self.year % 100)
        clock = "%02d:%02d:%02d" % (self.hour, self.minute, self.second)
        fields = (
            ("%Y", "%d" % self.year), ("%m", "%02d" % self.month), ("%d", "%02d" % self.day),
            ("%H", "%02d" % self.hour), ("%M", "%02d" % self.minute), ("%S", "%02d" % self.second),
            ("%f", "%06d" % self.microsecond), ("%y", "%02d" % (self.year % 100)),
            ("%B", month), ("%b", month[:3]), ("%A", day), ("%a", day[:3]),
            ("%j", "%03d" % self.rs_day_of_year()), ("%I", "%02d" % (noon if noon else 12)),
            ("%p", "AM" if self.hour < 12 else "PM"), ("%z", self.rs_offset.replace(":", "")),
            ("%F", "%04d-%02d-%02d" % (self.year, self.month, self.day)), ("%T", clock),
            ("%R", "%02d:%02d" % (self.hour, self.minute)), ("%D", short), ("%x", short),
            ("%X", clock), ("%e", "%2d" % self.day), ("%w", "%d" % ((self.weekday() + 1) % 7)),
            ("%u", "%d" % (self.weekday() + 1)), ("%n", "\n"), ("%t", "\t"),
        )
        parts = []
        for part in form.split("%%"):
            pieces = part.split("%")
            text = pieces[0]
            for piece in pieces[1:]:
                found = [value for code, value in fields if piece and code == "%" + piece[0]]
                if not found:
                    return _rs_the_form_is_not_followed
                text = text + found[0] + piece[1:]
            parts.append(text)
        return "%".join(parts)


class _rs_Day:
    def __init__(self, moment):
        self.year = moment.year
        self.month = moment.month
        self.day = moment.day
        self.rs_moment = moment

    def isoformat(self):
        return "%04d-%02d-%02d" % (self.year, self.month, self.day)

    def strftime(self, form):
        return self.rs_moment.strftime(form)

    def weekday(self):
        return self.rs_moment.weekday()

    def __str__(self):
        return self.isoformat()
