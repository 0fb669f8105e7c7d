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
