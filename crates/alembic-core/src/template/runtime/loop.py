# What stands for `loop` outside of every loop.
class _rs_NoLoop:
    pass


class _rs_Loop:
    def __init__(self, items, outer):
        self.items = items
        self.rs_outer = outer
        self.parent = None if isinstance(outer, _rs_NoLoop) else outer
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
