"""What made-up hosts write of made-up events. It is content, as people type it: not translated."""

from dataclasses import dataclass

from geo.privacy import VenueType
from webapp.groups.models import Sector

PUBLIC, STREET, PRIVATE = VenueType.PUBLIC, VenueType.STREET, VenueType.PRIVATE


@dataclass(frozen=True)
class Kind:
    """One sort of event; {road}, {hall} and {park} are filled in. `hour` is when it starts."""

    sector: Sector
    venue_type: VenueType
    title: str
    description: str
    venue: str | None
    hour: int
    minutes: int


@dataclass(frozen=True)
class Wording:
    """Everything that made-up hosts of one language draw from."""

    kinds: tuple[Kind, ...]
    hosts: dict[Sector, tuple[str, ...]]
    roads: tuple[str, ...]
    halls: tuple[str, ...]
    parks: tuple[str, ...]


ENGLISH = Wording(
    kinds=(
        Kind(
            Sector.OTHER,
            STREET,
            "Street party on {road}",
            "We close the road from noon. Bring a chair and something to share.\n\n"
            "Games for children, and a quiet end of the street for those who like it quiet.",
            "{road}",
            12,
            300,
        ),
        Kind(
            Sector.OTHER,
            STREET,
            "Tea and cake on {road}",
            "Tables along the pavement, tea in every kind of mug. Come for ten minutes or stay.",
            "{road}",
            14,
            150,
        ),
        Kind(
            Sector.CHARITY,
            PUBLIC,
            "The big lunch at {hall}",
            "A free lunch for everybody. We cook, you sit next to somebody you do not know.\n\n"
            "Step-free, with an accessible toilet. Tell us on the day if you need a quiet table.",
            "{hall}",
            12,
            150,
        ),
        Kind(
            Sector.FAITH,
            PUBLIC,
            "Open doors at {hall}",
            "People of all faiths and none are welcome. A short talk, a long lunch, no preaching.",
            "{hall}",
            13,
            180,
        ),
        Kind(
            Sector.FAITH,
            PUBLIC,
            "Walk between our places of worship",
            "We start at {hall} and stop at three more. Flat paths, three miles, tea at the end.",
            "{hall}",
            10,
            180,
        ),
        Kind(
            Sector.SPORT,
            PUBLIC,
            "Walking football in {park}",
            "Any age, any ability. If you can walk you can play. We have bibs; bring a bottle.",
            "{park}",
            10,
            120,
        ),
        Kind(
            Sector.SPORT,
            PUBLIC,
            "Family rounders in {park}",
            "Mixed teams, drawn from a hat so that you play with people you have not met.",
            "{park}",
            14,
            120,
        ),
        Kind(
            Sector.SCHOOL,
            PUBLIC,
            "School gates picnic in {park}",
            "Children bring the grown-ups. Games run by the older pupils; ice creams at three.",
            "{park}",
            13,
            150,
        ),
        Kind(
            Sector.ARTS,
            PUBLIC,
            "Come and sing at {hall}",
            "No audition, no sheet music: we learn three songs and sing them to whoever comes by.",
            "{hall}",
            15,
            120,
        ),
        Kind(
            Sector.ARTS,
            PUBLIC,
            "Paint the neighbourhood",
            "We paint a long roll of paper outside {hall}. Brushes and aprons are there.",
            "{hall}",
            11,
            180,
        ),
        Kind(
            Sector.BUSINESS,
            PUBLIC,
            "Shops say hello",
            "Doors open, kettles on, along {road}. Meet the people behind the counters.",
            "{road}",
            10,
            240,
        ),
        Kind(
            Sector.COUNCIL,
            PUBLIC,
            "Litter pick and lemonade in {park}",
            "Gloves and pickers from the ranger. An hour’s work, then lemonade on the grass.",
            "{park}",
            10,
            120,
        ),
        Kind(
            Sector.HEALTH,
            PUBLIC,
            "Sit-down exercise and a chat at {hall}",
            "Gentle movement in a chair, then soup. Carers are welcome too.",
            "{hall}",
            11,
            120,
        ),
        Kind(
            Sector.UNION,
            PUBLIC,
            "Thank-you lunch for key workers at {hall}",
            "For the people who kept us going, and everybody who would like to thank them.",
            "{hall}",
            12,
            120,
        ),
        Kind(
            Sector.MEDIA,
            PUBLIC,
            "Tell us your street’s story at {hall}",
            "Bring a photograph and a memory. We record both and play them back at four.",
            "{hall}",
            13,
            180,
        ),
        Kind(
            Sector.OTHER,
            PRIVATE,
            "Open garden and a cup of tea",
            "Our garden is small but the kettle is big. Up to fifteen people at a time.",
            None,
            14,
            180,
        ),
        Kind(
            Sector.OTHER,
            PRIVATE,
            "Supper for new neighbours",
            "For people who moved here this year, and those who remember what that was like.",
            None,
            18,
            150,
        ),
        Kind(
            Sector.CHARITY,
            PUBLIC,
            "Mending table at {hall}",
            "Bring a toaster, a hem or a puncture. Somebody will know how, and will show you.",
            "{hall}",
            10,
            180,
        ),
    ),
    hosts={
        Sector.FAITH: ("St Aidan’s and Friends", "Lantern Interfaith Circle", "Hope Street Chapel"),
        Sector.SPORT: ("Sunday Strollers", "Green Lane Juniors", "The Saturday Eleven"),
        Sector.SCHOOL: ("Meadow Lane School Parents", "Oak Hill School Friends"),
        Sector.CHARITY: ("Good Neighbours", "The Open Kitchen", "Kettle and Company"),
        Sector.BUSINESS: ("Market Place Traders", "The Corner Shops"),
        Sector.COUNCIL: ("Your Parks Team", "The Neighbourhood Team"),
        Sector.ARTS: ("The Bandstand Choir", "Blue Door Arts"),
        Sector.MEDIA: ("Over the Fence Radio", "The Doorstep News"),
        Sector.HEALTH: ("Well Together", "Patients and Friends"),
        Sector.UNION: ("Workers’ Lunch Club", "Side by Side"),
        Sector.OTHER: (
            "Elm Road Neighbours",
            "The Terrace",
            "Number 42 and Friends",
            "The Back Lane Group",
            "Up Our Street",
        ),
    },
    roads=(
        "Elm Road",
        "Station Road",
        "Chapel Street",
        "Mill Lane",
        "Victoria Terrace",
        "Albert Street",
        "Orchard Way",
        "Church Road",
        "Park View",
        "The Crescent",
        "Bridge Street",
        "Willow Close",
        "Field Lane",
        "Queen Street",
        "Northgate",
    ),
    halls=(
        "St Mary’s Hall",
        "the Methodist hall",
        "the community centre",
        "the Scout hut",
        "the village hall",
        "the library",
        "the Mechanics’ Institute",
        "the Old School Rooms",
        "the leisure centre",
        "the social club",
    ),
    parks=(
        "Memorial Park",
        "the recreation ground",
        "Riverside Park",
        "the common",
        "Jubilee Gardens",
        "the village green",
        "Queen’s Park",
    ),
)
