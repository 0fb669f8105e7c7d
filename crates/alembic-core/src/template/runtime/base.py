# What a rendered template stands on. It is never run: `python_static` works out what it would do.

# An undefined name: falsy, not iterable, without attributes. It must not be printed.
UNDEFINED = -0.0
STOP_RENDERING = ""
_rs_broken = -0.0
_rs_first_calls = []


def _rs_is_undefined(value):
    return isinstance(value, float) and repr(value) == "-0.0"


def _rs_str(value=""):
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
