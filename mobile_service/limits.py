"""What strangers may do on the page that asks for the van, and how long what they leave is kept (M7, UU 27/2022). Pure figures.

The page, the mails and the clock read the same figures, so a promise cannot say anything else than what is done.
"""

from datetime import timedelta

# Nobody confirmed it from the mailbox: a robot, or a mistyped address.
UNCONFIRMED_DAYS = 3
# Somebody who gave only a telephone waits to be called by the library.
UNCALLED_DAYS = 14
# After the visit, or after the answer, the contact is kept for as long as somebody may come back to it.
CLOSED_CONTACT_DAYS = 30
# A request that nobody has spoken about for so long is not going to be answered any more.
SILENT_CONTACT_DAYS = 180

# How far ahead the van can be asked for.
FURTHEST_DAYS = 180
MOST_DAYS = 5

# A person reads a form before sending it; and a form that lay open for a day belongs to nobody any more.
FASTEST = timedelta(seconds=3)
SLOWEST = timedelta(hours=24)

# (how many, within how many seconds)
# Carriers of mobile networks let a whole village share one address.
ASKED_PER_ADDRESS = (20, 3600)
ASKED_PER_CONTACT = (3, 24 * 3600)
STEPS_PER_LINK = (20, 3600)
GUESSED_PER_ADDRESS = (60, 60)
