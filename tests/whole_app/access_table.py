"""Who is answered what at each address: the table that the test of access walks.

One letter for each of PEOPLE, in their order: `O` is answered (a page, a mistake in a form, or led
on), `S` is led to signing in, `F` is forbidden, and for `N` there is nothing at the address.

The editor and the owner belong to the group that hosts the event, and the coordinator to a network
that holds it; the other owner has a group of their own. What each address is about is in `world.py`.
"""

PEOPLE = ("nobody", "neighbour", "editor", "owner", "coordinator", "other owner", "staff")

EVERYBODY = "O O O O O O O"
SIGNED_IN = "S O O O O O O"
# Who may edit the event. Others may know of it, or (ALONE) of the thing itself not even that.
HOSTS = "S F O O O F O"
HOSTS_ALONE = "S N O O O N O"
OWNERS = "S F F O F F O"
# Whose own thing it is, such as the passkey of the owner: of others’ there is no trace.
THEIR_OWN = "S N N O N N N"
# Where nobody has to sign in: whose draft it is.
WRITERS = "N N N O N N N"
COORDINATORS = "S N N N O N O"
STAFF = "S N N N N N O"
DEVELOPERS = "N N N N N N N"

TABLE: dict[str, dict[str, str]] = {
    "accounts": {
        "GET account": SIGNED_IN,
        "GET again": SIGNED_IN,
        "GET code": EVERYBODY,
        "POST enter_code": EVERYBODY,
        "POST send_code": EVERYBODY,
        "POST send_code_again": SIGNED_IN,
        "GET sign_in": EVERYBODY,
        "POST sign_out": EVERYBODY,
    },
    "address": {
        "GET code": SIGNED_IN,
        "POST enter_code": SIGNED_IN,
        "GET new": SIGNED_IN,
        "POST send_code": SIGNED_IN,
    },
    "atlas": {
        "GET events_geojson": EVERYBODY,
    },
    "cohosting": {
        "GET answer": "S F F F F O O",
        "POST answered": "S F F F F O O",
        "GET co_hosts": HOSTS,
        "POST invite": HOSTS,
        "GET withdraw": HOSTS,
        "POST withdrawn": HOSTS,
    },
    "contacts": {
        "GET ask": EVERYBODY,
        "GET ask_to_stop": EVERYBODY,
        "GET asked": EVERYBODY,
        "GET check": EVERYBODY,
        "POST confirmed": EVERYBODY,
        "POST send": EVERYBODY,
        "POST stopped": EVERYBODY,
    },
    "dev_mail": {
        "GET index": DEVELOPERS,
        "GET show": DEVELOPERS,
    },
    "drafts": {
        "GET code": WRITERS,
        "POST enter_code": WRITERS,
        "POST save": WRITERS,
        "GET sent": HOSTS,
        "GET start": EVERYBODY,
        "GET step": WRITERS,
        "GET throw_it_away": WRITERS,
        "POST throw_it_away": WRITERS,
    },
    "events": {
        "GET calendar": EVERYBODY,
        "POST find": EVERYBODY,
        "GET found": EVERYBODY,
        "GET index": EVERYBODY,
        "GET new": EVERYBODY,
        "GET short": EVERYBODY,
        "GET show": EVERYBODY,
    },
    "groups": {
        "POST answer_invitation": SIGNED_IN,
        "GET ask": SIGNED_IN,
        "POST ask": SIGNED_IN,
        "GET asked": SIGNED_IN,
        "POST create": SIGNED_IN,
        "GET edit": OWNERS,
        "GET hand_over_group": "S F F O F F N",
        "POST hand_over_group": "S F F O F F N",
        "GET invitation": EVERYBODY,
        "POST invite_member": OWNERS,
        "GET leave": "S F O O F F N",
        "POST leave": "S F O O F F N",
        "GET member": OWNERS,
        "POST member": OWNERS,
        "GET members": "S F O O F F O",
        "GET new": SIGNED_IN,
        "GET request": OWNERS,
        "POST request": OWNERS,
        "POST save": OWNERS,
        "GET show": EVERYBODY,
        "GET withdraw_invitation": OWNERS,
        "POST withdraw_invitation": OWNERS,
    },
    "headcounts": {
        "GET how_many": EVERYBODY,
        "POST how_many": EVERYBODY,
        "GET how_many_here": HOSTS,
        "POST how_many_here": HOSTS,
        "POST met": EVERYBODY,
        "POST met_here": HOSTS,
        "POST met_on_receipt": EVERYBODY,
    },
    "moderation": {
        "POST change_standing": STAFF,
        "POST decide_about": STAFF,
        "GET group": STAFF,
        "GET groups": STAFF,
        "GET queue": STAFF,
        "GET report": EVERYBODY,
        "GET review": STAFF,
        "GET staff": STAFF,
        "POST tell": EVERYBODY,
        "GET told": EVERYBODY,
    },
    "moments": {
        "GET colours": EVERYBODY,
        "GET show": EVERYBODY,
    },
    "networks": {
        "GET add": COORDINATORS,
        "GET add_several": COORDINATORS,
        "POST added": COORDINATORS,
        "POST added_several": COORDINATORS,
        "GET answer": OWNERS,
        "POST answered": OWNERS,
        "GET claim": EVERYBODY,
        "POST claimed": SIGNED_IN,
        "POST coordinator_added": STAFF,
        "GET coordinators": STAFF,
        "POST create": STAFF,
        "GET download": COORDINATORS,
        "GET held": COORDINATORS,
        "GET invite": COORDINATORS,
        "POST invited": COORDINATORS,
        "GET leave": OWNERS,
        "POST left": OWNERS,
        "POST link": COORDINATORS,
        "GET links": COORDINATORS,
        "GET of_group": OWNERS,
        "POST person_removed": STAFF,
        "GET remove": COORDINATORS,
        "GET remove_person": STAFF,
        "POST removed": COORDINATORS,
        "GET show": COORDINATORS,
        "GET staff_list": STAFF,
        "POST withdraw": COORDINATORS,
        "POST withdraw_link": COORDINATORS,
    },
    "organising": {
        "GET again": HOSTS,
        "POST again": HOSTS,
        "GET cancel": HOSTS,
        "POST cancel": HOSTS,
        "GET edit": HOSTS,
        "POST edit": HOSTS,
        "GET hide": HOSTS,
        "POST hide": HOSTS,
        "GET hide_by_link": EVERYBODY,
        "POST hide_by_link": EVERYBODY,
        "GET history": HOSTS,
        "GET manage": HOSTS,
        "GET postpone": HOSTS,
        "POST postpone": HOSTS,
        "POST restore": HOSTS,
        "POST send": HOSTS,
        "GET your_events": SIGNED_IN,
    },
    "pages": {
        "GET about": EVERYBODY,
        "GET accessibility": EVERYBODY,
        "GET health": EVERYBODY,
        "GET help": EVERYBODY,
        "GET home": EVERYBODY,
        "GET host_guide": EVERYBODY,
        "GET privacy": EVERYBODY,
    },
    "paper": {
        "GET poster": HOSTS,
        "GET poster_pdf": HOSTS,
        "GET sheet": HOSTS,
        "GET sheet_pdf": HOSTS,
    },
    "passkeys": {
        "POST add": SIGNED_IN,
        "GET ask_to_remove": THEIR_OWN,
        "GET new": SIGNED_IN,
        "GET new_options": SIGNED_IN,
        "GET options": EVERYBODY,
        "POST remove": THEIR_OWN,
        "POST sign_in": EVERYBODY,
        "GET sign_in_page": EVERYBODY,
    },
    "pictures": {
        "GET edit": HOSTS,
        "POST edit": HOSTS,
        "GET media": EVERYBODY,
        "GET remove": HOSTS,
        "POST remove": HOSTS,
    },
    "places": {
        "GET places_json": EVERYBODY,
        "GET suggest": EVERYBODY,
    },
    "pledges": {
        "GET checking": EVERYBODY,
        "GET checkpoint": EVERYBODY,
        "GET confirm": EVERYBODY,
        "GET confirm_at_home": EVERYBODY,
        "GET count": EVERYBODY,
        "GET nonce": EVERYBODY,
        "GET receipt": EVERYBODY,
        "POST take": EVERYBODY,
        "POST take_at_home": EVERYBODY,
    },
    "questions": {
        "GET answer": HOSTS_ALONE,
        "GET ask": EVERYBODY,
        "GET asked": EVERYBODY,
        "POST delete": HOSTS_ALONE,
        "GET of_event": HOSTS,
        "POST send": EVERYBODY,
        "POST send_answer": HOSTS_ALONE,
        "GET spam": HOSTS_ALONE,
    },
    "receipts": {
        "GET change": EVERYBODY,
        "POST change_it": EVERYBODY,
        "GET take_back": EVERYBODY,
        "POST take_it_back": EVERYBODY,
    },
    "second_factor": {
        "POST answer": EVERYBODY,
        "GET ask": EVERYBODY,
        "GET ask_to_remove": SIGNED_IN,
        "POST confirm": SIGNED_IN,
        "POST remove": SIGNED_IN,
        "GET set_up": SIGNED_IN,
    },
    "sessions": {
        "POST end": SIGNED_IN,
        "POST end_all": SIGNED_IN,
    },
    "site": {
        "GET stale_static": EVERYBODY,
    },
    "your_data": {
        "GET about": SIGNED_IN,
        "GET ask_to_delete": SIGNED_IN,
        "POST delete": SIGNED_IN,
        "GET deleted": EVERYBODY,
        "GET download": SIGNED_IN,
    },
}
