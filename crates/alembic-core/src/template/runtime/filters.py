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
