# What a rendered template stands on. It is never run: `python_static` works out what it would do.

# An undefined name: falsy, not iterable, without attributes. It must not be printed.
UNDEFINED = -0.0
STOP_RENDERING = ""
_rs_broken = -0.0


def _rs_is_undefined(value):
    return isinstance(value, float) and repr(value) == "-0.0"


def _rs_str(value):
    text = str(value)
    if text == "-0.0":
        raise NameError("an undefined name is printed")
    return text


def _rs_comma(value):
    if _rs_is_undefined(value):
        raise ValueError("an undefined name has no commas")
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return ", ".join(value)


def _rs_filter_trim(value):
    return value.strip()


def _rs_filter_x(value):
    if not isinstance(value, str):
        raise TypeError("expected string or bytes-like object")
    return _rs_filter_h(value)


def _rs_filter_h(value):
    value = str(value)
    value = value.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")
    return value.replace("'", "&#39;").replace('"', "&#34;")


def _rs_filter_u(value):
    parts = []
    for byte in value.encode():
        letter = chr(byte)
        if letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~":
            parts.append(letter)
        elif letter == " ":
            parts.append("+")
        else:
            parts.append("%%%02X" % byte)
    return "".join(parts)


class _rs_Loop:
    def __init__(self, items, parent):
        self.items = items
        self.parent = parent
        self.index = -1

    @property
    def first(self):
        return self.index == 0

    @property
    def last(self):
        return self.index == len(self.items) - 1

    @property
    def reverse_index(self):
        return len(self.items) - self.index - 1

    @property
    def even(self):
        return self.index % 2 == 0

    @property
    def odd(self):
        return self.index % 2 == 1

    def cycle(self, *values):
        if not values:
            raise ValueError("You must provide values to cycle through")
        return values[self.index % len(values)]


class _rs_Config:
    def __init__(self, section, file_name, sections):
        self.config_ini_section = section
        self.config_file_name = file_name
        self.rs_sections = sections

    def get_section_option(self, section, name, default=None):
        if section not in self.rs_sections:
            raise ValueError("the ini file has no section of this name")
        value = self.rs_sections[section].get(name.lower(), default)
        if _rs_is_undefined(value):
            raise ValueError("this option cannot be interpolated")
        return value

    def get_main_option(self, name, default=None):
        return self.get_section_option(self.config_ini_section, name, default)

    def get_section(self, name, default={}):
        if name not in self.rs_sections:
            return default
        return dict(self.rs_sections[name])


class _rs_Regex:
    @staticmethod
    def split(pattern, text):
        if pattern in (r",\s*", r"\s*,\s*"):
            parts = text.split(",")
            first = parts[0].rstrip() if pattern == r"\s*,\s*" and len(parts) > 1 else parts[0]
            rest = [part.lstrip() for part in parts[1:]]
            if pattern == r"\s*,\s*":
                rest = [part.rstrip() for part in rest[:-1]] + rest[-1:]
            return [first] + rest
        if pattern == r"\s+" and text == text.strip():
            return text.split() if text else [""]
        if pattern in (",", ";", ":", " ", ", ", "\n", "-", "_", "/"):
            return text.split(pattern)
        return _rs_the_pattern_is_not_followed


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
