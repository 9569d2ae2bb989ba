"""What letters of an institution begin and end with: its letterhead, and who signs for it."""

from kerjasama.documents.paper import Letterhead, Party, Signatory
from libraries.models import Institution, Person


def letterhead_of(institution: Institution) -> Letterhead:
    contacts = tuple(text for text in (institution.phone, institution.email) if text)
    return Letterhead(
        name=institution.name,
        above=tuple(line.strip() for line in institution.letterhead.splitlines() if line.strip()),
        address=institution.address,
        contacts=contacts,
    )


def party_of(institution: Institution, person: Person | None) -> Party:
    """One side of a paper. Without a known person the name is left for a hand to fill."""
    return Party(
        institution=institution.name,
        address=institution.address,
        signatory=signatory_of(institution, person),
    )


def signatory_of(institution: Institution, person: Person | None) -> Signatory:
    if person is None:
        return Signatory(institution=institution.name)
    return Signatory(
        name=person.name,
        position=person.position,
        employee_number=person.nip,
        institution=institution.name,
    )
