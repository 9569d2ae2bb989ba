"""What strangers may do on the public page, and how long what they leave is kept (A6, UU 27/2022). Pure figures.

The page, the mails and the clock read the same figures, so a promise cannot say anything else than what is done.
"""

from datetime import timedelta

# A request that nobody confirmed from the mailbox was asked by a robot, or with a mistyped address.
UNCONFIRMED_DAYS = 3
# After a request is closed, the contact is kept for as long as somebody may come back to it.
CLOSED_CONTACT_DAYS = 180
# A request that nobody has spoken about for so long is not going to be answered any more.
SILENT_CONTACT_DAYS = 365

# A person reads a form before sending it; and a form that lay open for a day belongs to nobody any more.
FASTEST = timedelta(seconds=3)
SLOWEST = timedelta(hours=24)

# (how many, within how many seconds)
# Carriers of mobile networks let a whole village share one address.
ASKED_PER_ADDRESS = (20, 3600)
ASKED_PER_MAILBOX = (3, 24 * 3600)
SENT_PER_LINK = (20, 3600)
GUESSED_PER_ADDRESS = (60, 60)
