"""What made-up hosts in Wales write of made-up events, in Welsh."""

from webapp.events.demonstration_texts import PRIVATE, PUBLIC, STREET, Kind, Wording
from webapp.groups.models import Sector

WELSH = Wording(
    kinds=(
        Kind(
            Sector.OTHER,
            STREET,
            "Parti stryd {road}",
            "Byddwn yn cau’r ffordd o hanner dydd. Dewch â chadair a rhywbeth i’w rannu.",
            "{road}",
            12,
            300,
        ),
        Kind(
            Sector.CHARITY,
            PUBLIC,
            "Cinio mawr: {hall}",
            "Cinio am ddim i bawb. Ni fydd yn coginio; eisteddwch wrth ymyl rhywun newydd.",
            "{hall}",
            12,
            150,
        ),
        Kind(
            Sector.ARTS,
            PUBLIC,
            "Dewch i ganu: {hall}",
            "Dim clyweliad a dim copi: dysgwn dair cân a’u canu i bawb sy’n mynd heibio.",
            "{hall}",
            15,
            120,
        ),
        Kind(
            Sector.SPORT,
            PUBLIC,
            "Pêl-droed cerdded: {park}",
            "Unrhyw oed, unrhyw allu. Os gallwch gerdded, gallwch chwarae.",
            "{park}",
            10,
            120,
        ),
        Kind(
            Sector.OTHER,
            PRIVATE,
            "Gardd agored a phaned",
            "Gardd fach sydd gennym, ond mae’r tegell yn fawr. Croeso cynnes i bawb.",
            None,
            14,
            180,
        ),
    ),
    hosts={
        Sector.CHARITY: ("Cymdogion Da", "Y Gegin Agored"),
        Sector.ARTS: ("Côr y Bandstand",),
        Sector.SPORT: ("Criw Bore Sadwrn",),
        Sector.OTHER: ("Cymdogion y Teras", "Ein Stryd Ni"),
    },
    roads=("Heol yr Orsaf", "Stryd y Capel", "Lôn y Felin", "Y Teras", "Heol y Parc"),
    halls=("Neuadd y Pentref", "Festri’r Capel", "Y Ganolfan", "Y Llyfrgell"),
    parks=("Parc y Dref", "Y Cae Chwarae", "Parc yr Afon"),
)
