"""What is printed: ours, theirs, their ratio, its limit, and whether that is held."""
from dataclasses import dataclass
from typing import Optional


@dataclass
class Row:
    what: str
    ours: float
    theirs: Optional[float]
    unit: str  # of ours and theirs
    ratio: Optional[float] = None
    limit: Optional[float] = None  # of the ratio where there is one, else of ours; absent: for information
    held: Optional[bool] = None
    is_factor: bool = False  # the ratio is how many times quicker ours is, and must reach the limit

    @classmethod
    def of_speed(cls, what, ours, theirs, limit=None):
        ratio = theirs / ours
        return cls(what, ours, theirs, "us", ratio, limit, None if limit is None else ratio >= limit, True)

    @classmethod
    def of_seconds(cls, what, ours, theirs=None, limit=None):
        ratio = ours / theirs if theirs else None
        held = ours if ratio is None else ratio
        return cls(what, ours, theirs, "s", ratio, limit, None if limit is None else held <= limit)

    @classmethod
    def of_rate(cls, what, ours, theirs=None, least=None, share=None, needs=any):
        """Held where it reaches any (or all) of the least rate and that share of theirs."""
        ratio = ours / theirs if theirs else None
        held = [ours >= least] if least is not None else []
        held += [ratio >= share] if share is not None else []
        return cls(what, ours, theirs, "/s", ratio, least if share is None else share, needs(held) if held else None)

    @classmethod
    def of_time(cls, what, ours, limit=None):
        return cls(what, ours, None, "us", None, limit, None if limit is None else ours <= limit)

    @classmethod
    def of_memory(cls, what, ours, limit):
        return cls(what, ours, None, "bytes", None, limit, ours < limit)

    def amount(self, value):
        if value is None:
            return ""
        return {"s": f"{value:.2f} s", "us": f"{value * 1e6:.1f} us", "bytes": f"{value / 1e6:.0f} MB", "/s": f"{value:,.0f}/s"}[self.unit]

    def cells(self):
        limit = "" if self.limit is None else f"{self.limit:.2f}" if self.ratio is not None else self.amount(self.limit)
        ratio = "" if self.ratio is None else f"{self.ratio:.1f} x" if self.is_factor else f"{self.ratio:.2f}"
        if self.is_factor and limit:
            limit = f"{self.limit:.1f} x"
        held = {None: "", True: "yes", False: "NO"}[self.held]
        return [self.what, self.amount(self.ours), self.amount(self.theirs), ratio, limit, held]


def show(rows):
    lines = [["WHAT, AGAINST WHAT", "OURS", "THEIRS", "RATIO", "LIMIT", "HELD"]] + [row.cells() for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        print("  ".join([line[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]))
