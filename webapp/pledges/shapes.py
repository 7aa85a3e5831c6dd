"""The shape of what came from one address or network: that of honest people, or of nobody we know.

A crowd is at one event: a school, a hall. A shared address, such as a mobile carrier’s, has people in many
areas. Neither has many pledges of one person, large parties or signs of a program.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.pledges.sides import AT_HOME, EVERYWHERE, BucketCount

# Of a hundred pledges, how many may be of somebody who has pledged already, or odd in how they came.
MOST_ODD_PER_CENT = 10
LARGEST_MEAN_PARTY = 4
# A crowd: nearly all at one event, and no quicker than two pledges a second.
CROWD_PER_CENT = 90
CROWD_PLEDGES_A_MINUTE = 120
# A shared address: in so many areas, none of which has more than a third.
SHARED_AREAS = 8
SHARED_PER_CENT = 34


@dataclass
class Shape:
    """What came from one bucket in one moment."""

    pledges: int = 0
    heads: int = 0
    odd: int = 0
    busiest: int = 0
    of_event: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    of_area: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, counts: Iterable[BucketCount]) -> "Shape":
        """Return the shape that counts have together."""
        shape = cls()
        for each in counts:
            if each.event_id == EVERYWHERE:
                continue
            shape.pledges += each.pledges
            shape.heads += each.heads
            shape.odd += each.repeats + each.signs
            shape.busiest = max(shape.busiest, each.busiest)
            shape.of_event[each.event_id] += each.heads
            # Where a site knows no councils, each event is somewhere else.
            if area := each.area or (str(each.event_id) if each.event_id != AT_HOME else ""):
                shape.of_area[area] += each.heads
        return shape

    @property
    def is_ordinary(self) -> bool:
        """Whether people pledge once each, in parties of a usual size, from a browser."""
        is_odd = self.odd * 100 > self.pledges * MOST_ODD_PER_CENT
        return not is_odd and self.heads <= LARGEST_MEAN_PARTY * self.pledges

    def is_crowd_at(self, event_id: int) -> bool:
        """Whether nearly all of it is one event’s, and came as quickly as people do."""
        return (
            event_id != AT_HOME
            and self.is_ordinary
            and self.busiest <= CROWD_PLEDGES_A_MINUTE
            and self.of_event[event_id] * 100 >= self.heads * CROWD_PER_CENT
        )

    @property
    def is_shared(self) -> bool:
        """Whether it is from many areas, none of which stands out."""
        largest = max(self.of_area.values(), default=0)
        return (
            self.is_ordinary
            and len(self.of_area) >= SHARED_AREAS
            and largest * 100 <= self.heads * SHARED_PER_CENT
        )
