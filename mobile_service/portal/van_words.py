"""The sentences of the trip on a phone. The page carries them in both languages: without a network nobody else can say them.

``{n}`` and its like are filled in by the phone. A sentence that counts has two forms, for one and for more.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from libraries.catalogue.choices import Condition
from mobile_service.choices import EntryKind, VisitorKind, VisitStatus

Words = Mapping[str, str | list[str]]


def sentences() -> Words:
    """By key, in the language that is active."""
    return {**_said(), **_named()}


def _named() -> Words:
    """What the house has words for anyway."""
    vocabularies = (
        ("kind", EntryKind),
        ("visit", VisitStatus),
        ("visitor", VisitorKind),
        ("condition", Condition),
    )
    return {
        f"{name}_{choice.value}": str(choice.label) for name, choices in vocabularies for choice in choices
    }


def _said() -> Words:
    return {
        # The page itself
        "app": _("Library van"),
        "title": _("Today's trip"),
        "needs_script": _(
            "The trip works without a network and needs JavaScript for that. Switch it on in your browser and open this page again."
        ),
        "skip_link": _("To the trip"),
        "back": _("Back"),
        "ready": _("Done"),
        "next": _("Next"),
        "one_back": _("One step back"),
        "keep": _("Keep"),
        "enter": _("Enter"),
        "undo": _("Undo"),
        "taken_back": _("Taken back."),
        "still_stands": _("Still stands. {why}"),
        "try_again": _("Try again"),
        "not_here": _("This is not on this phone"),
        "not_here_how": _("It may have been moved to another day, or belong to another vehicle."),
        "to_the_trip": _("To the trip"),
        "other_language": _("Bahasa Indonesia"),
        # The phone and its pack
        "fetching": _("The trip is being fetched …"),
        "no_pack": _("The trip is not on this phone yet"),
        "no_pack_how": _(
            "Open this page once where there is a network, best before setting off. From then on it works without one."
        ),
        "no_trip": _("No trip today or tomorrow"),
        "no_trip_how": _("Your vehicle has nothing planned. Ask the library if you expected a trip."),
        "look_again": _("Look again"),
        "no_storage": _("This browser keeps nothing"),
        "no_storage_how": _(
            "The trip must be kept on the phone. Leave the private window, or free some space on the phone, and open this page again."
        ),
        "sign_in": _("Sign this phone in"),
        "sign_in_1": _(
            "Ask the circulation desk or the cooperation officer of your library for the code of your phone: on the page “Crew's phones” they press “Add a phone of the crew”. It is a square of dots on their screen, good for one hour."
        ),
        "sign_in_2": _("Point this phone's camera at it and open the address that appears."),
        "sign_in_3": _("This page opens by itself with the trip. No password is needed."),
        "revoked": _("This phone has been signed out by the library"),
        "revoked_how": _("Ask the desk for a new code."),
        "revoked_wiped": _("Names, addresses and everything else of the trip were deleted from this phone."),
        "revoked_lost": _("Not sent before that"),
        "revoked_tell": _("Tell the library, so that it can add this by hand."),
        "revoked_again": _("To use this phone again, ask the desk for a new code."),
        "getting_ready": _("The page is being kept on this phone …"),
        "ready_offline": _("On this phone since {at}: works without a network"),
        "install": _("Put it on the first screen"),
        "not_written": _(
            "This could not be kept on the phone. Try once more; if it fails again, write it on paper."
        ),
        "phone_full": _(
            "The phone is full and kept nothing of this. Delete some pictures or videos and try again."
        ),
        "no_room": _("The phone is full."),
        "no_room_how": _(
            "The phone is full and can keep nothing new. What waits here is safe. Delete some pictures or videos, then press “Send now”."
        ),
        # What waits
        "n_waiting": [ngettext("{n} waiting", "{n} waiting", n) for n in (1, 2)],
        "all_sent": _("Everything sent"),
        "last_sent": _("last sent {at}"),
        "never_sent": _("not sent yet"),
        "n_refused": [ngettext("{n} could not be taken", "{n} could not be taken", n) for n in (1, 2)],
        "n_review": [
            ngettext("{n} waits for the library to decide", "{n} wait for the library to decide", n)
            for n in (1, 2)
        ],
        "no_network": _("No network; everything is kept."),
        "nothing_yet": _("Nothing sent yet"),
        "no_network_how": _(
            "There is no network now. Go on working: everything is kept on this phone and sent as soon as there is one."
        ),
        "signed_out": _("This phone is not signed in"),
        "signed_out_how": _(
            "This phone is not signed in any more. Everything is kept. Ask the library's desk for a code and point the camera at it; then it is sent."
        ),
        "house_stumbles": _("The library's computer does not answer. Tried again by itself."),
        "house_stumbles_how": _(
            "The library's computer does not answer at the moment. Everything is kept on this phone and tried again by itself."
        ),
        "old_page": _("This page is too old"),
        "old_page_how": _(
            "This page is too old and is being renewed. Everything is kept. If nothing changes, close it and open it again where there is a network."
        ),
        "sending": _("Sending …"),
        "sending_head": _("What waits to be sent"),
        "send_now": _("Send now"),
        "nothing_waits": _("Nothing waits on this phone."),
        "files_waiting": [
            ngettext("{n} picture or signature waits.", "{n} pictures or signatures wait.", n) for n in (1, 2)
        ],
        "refused_how": _(
            "The library's computer cannot read these. Note them on paper and tell the desk, then take them off the list."
        ),
        "refused_plain": _("It could not be read."),
        "review_how": _("The library has them and looks at them. There is nothing to do for you."),
        "to_decide": [
            ngettext(
                "{n} of this trip waits for the library's decision.",
                "{n} of this trip wait for the library's decision.",
                n,
            )
            for n in (1, 2)
        ],
        "read_it": _("Noted"),
        "this_phone": _("This phone"),
        "storage_kept": _("The phone has promised not to clear away what waits."),
        "storage_free": _("Do not delete the browser's data while something waits."),
        "new_version": _("Use the new version of this page"),
        "waits_here": _("waits on this phone"),
        "sent": _("sent"),
        "to_be_decided": _("waits for the library to decide"),
        "refused": _("not taken"),
        "done_last": _("Noted last; can be undone"),
        "did_count": _("{what} {n}"),
        # The day
        "set_off_at": _("Set off at {at}"),
        "goes_on": _("The next trip is on {day}"),
        "ready_to_go": _("Ready to set off"),
        "set_off": _("Set off"),
        "set_off_lede": _("What does the odometer show now?"),
        "did_start": _("Set off. Have a safe trip."),
        "next_stop": _("Next, at {at}"),
        "you_are_at": _("You are at"),
        "open_stop": _("Open the stop"),
        "go_on_here": _("Go on here"),
        "all_stops_done": _("All stops are done"),
        "going_home": _("On the way home"),
        "come_home": _("Back at the depot"),
        "come_home_lede": _("What does the odometer show now?"),
        "come_home_open": [
            ngettext(
                "{n} stop is still open: it is noted as not visited by the library at night. What does the odometer show now?",
                "{n} stops are still open: they are noted as not visited by the library at night. What does the odometer show now?",
                n,
            )
            for n in (1, 2)
        ],
        "did_finish": _("Back at the depot. Thank you."),
        "trip_done": _("This trip is done"),
        "trip_done_why": _("Leave the phone on until everything is sent."),
        "trip_cancelled": _("This trip was cancelled."),
        "stops": [ngettext("{n} stop", "{n} stops", n) for n in (1, 2)],
        "other_days": _("Other trips on this phone"),
        "odometer_on_the_way": _("Note the odometer"),
        "odometer_lede": _("On the way, when refuelling or when somebody else takes the wheel."),
        "odometer_now": _("Odometer (km)"),
        "odometer_digits": _("Type the odometer as digits, such as 45210."),
        "odometer_less": _("At the start it showed {n}. It cannot show less now."),
        "odometer_sure": _("It last showed {last}. Is {n} right? Then press once more."),
        "did_odometer": _("Odometer noted."),
        "kilometres": _("{n} km"),
        # The load
        "load": _("Load list"),
        "to_bring": _("Boxes to bring"),
        "to_fetch": _("Books to fetch"),
        "own_stock": _("The vehicle's own books"),
        "own_books": [
            ngettext("{n} book stays in the vehicle.", "{n} books stay in the vehicle.", n) for n in (1, 2)
        ],
        "own_books_none": _("This vehicle carries no books of its own."),
        "boxes_to_bring": [ngettext("{n} box to bring", "{n} boxes to bring", n) for n in (1, 2)],
        "nothing_to_bring": _("No boxes to bring"),
        "nothing_to_fetch": _("Nothing to fetch."),
        "boxes": [ngettext("{n} box", "{n} boxes", n) for n in (1, 2)],
        "books_packed": _("{n} of {all} books packed"),
        "books": [ngettext("{n} book", "{n} books", n) for n in (1, 2)],
        "ticks_stay_here": _("The ticks are for you alone and stay on this phone."),
        # A stop
        "directions": _("Directions"),
        "call": _("Call"),
        "arrive": _("Arrived"),
        "did_arrive": _("Arrival noted."),
        "leave": _("Leave this stop"),
        "did_leave": _("Departure noted."),
        "skip": _("Leave this stop out"),
        "skip_why": _("Why is nobody visited here today?"),
        "skip_needed": _("Write why; the school is told."),
        "did_skip": _("Noted as not visited."),
        "visit_cancelled_how": _("This visit was cancelled. If you are here all the same, call the library."),
        "way_and_contact": _("Way and contact"),
        "count_visitors": _("Count visitors"),
        "visitors": [ngettext("{n} visitor", "{n} visitors", n) for n in (1, 2)],
        "van_books": _("Books of the vehicle"),
        "van_books_sub": _("{out} lent · {back} back"),
        "take_back": _("Take the school's books back"),
        "back_and_left": _("{n} back · {left} still out"),
        "strange_books": _("{n} not on the list"),
        "nothing_due": _("No books are out here"),
        "hand_over": _("Hand the new books over"),
        "handed_over": _("Handed over and signed"),
        "lend_more": _("Add a book for the school"),
        "lend_more_sub": _("One that is not in the boxes"),
        "note": _("Note"),
        "note_lede": _("What the library must know of this stop. No names of pupils."),
        "note_label": _("Your note"),
        "note_needed": _("Write something first."),
        "notes": [ngettext("{n} note", "{n} notes", n) for n in (1, 2)],
        "did_note": _("Note kept."),
        "photograph": _("Photograph"),
        "photograph_lede": _("The vehicle, the place, the books. No faces of children."),
        "photograph_take": _("Take a photograph"),
        "photograph_shrinking": _("The photograph is being made smaller …"),
        "photograph_unreadable": _("This picture cannot be read. Take another."),
        "photographs": [ngettext("{n} photograph", "{n} photographs", n) for n in (1, 2)],
        "did_photograph": _("Photograph kept."),
        # Scanning
        "barcode": _("Barcode"),
        "barcode_help": _("Scan, or type the last digits of the label."),
        "condition": _("Condition"),
        "is_back": _("Back"),
        "is_lent": _("Added"),
        "not_on_list": _("Not on the list: noted, the library looks at it"),
        "in_the_box": _("In the boxes already: it is handed over with them"),
        "scanned_before": _("Scanned already at {at}"),
        "several_books": [
            ngettext(
                "{n} book ends like this. Type the whole number.",
                "{n} books end like this. Type the whole number.",
                n,
            )
            for n in (1, 2)
        ],
        "camera": _("Camera"),
        "camera_close": _("Close the camera"),
        "camera_hold": _("Hold the barcode into the picture, a hand away, until it sounds."),
        "camera_refused": _(
            "The camera is not allowed for this page. Press the lock or the sliders beside the address, allow the camera, and press “Camera” again. Until then type the number under the barcode."
        ),
        "camera_none": _(
            "No camera was found, or another programme uses it. Type the number under the barcode."
        ),
        "camera_needs_network": _(
            "This phone reads barcodes only with a network. Type the number under the barcode."
        ),
        # The swap
        "step_of": _("Step {n} of {all}"),
        "not_back_yet": [
            ngettext("{n} book of last time is not back yet.", "{n} books of last time are not back yet.", n)
            for n in (1, 2)
        ],
        "not_in_a_box": [
            ngettext(
                "{n} book had not been scanned into a box when this phone was last online. What is not scanned is not handed over.",
                "{n} books had not been scanned into a box when this phone was last online. What is not scanned is not handed over.",
                n,
            )
            for n in (1, 2)
        ],
        "see_the_books": _("See the books"),
        "receiver": _("Who receives the books?"),
        "receiver_needed": _("Write who receives the books."),
        "on_to_signing": _("On to signing"),
        "school_signs": _("The school signs"),
        "crew_signs": _("You sign"),
        "crew_signs_lede": _("For the mobile library."),
        "sign_here": _("Sign on this line"),
        "sign_back": _("Last stroke back"),
        "sign_clear": _("Clear"),
        "signature_needed": _("Sign with a finger on the white field."),
        "hand_over_now": _("Hand over"),
        "did_hand_over": _("Handed over. Both signatures are kept."),
    }
