"""Privacy: who is kept, what is kept of them, and how it goes for good."""

from liudeng.privacy.consent import EVERYWHERE, ConsentBook, Keeping, Mode, Watching
from liudeng.privacy.desk import Member, PrivacyDesk
from liudeng.privacy.gate import UNKEPT_MARK, Gate
from liudeng.privacy.pseudonyms import PrivacyKeyProblem, Pseudonyms
from liudeng.privacy.register import Register, Said
from liudeng.privacy.retention import RetentionKind, rules_of
from liudeng.privacy.room import Privacy, PrivacyOptions
from liudeng.privacy.sweeping import Places
from liudeng.privacy.texts import standing_text

__all__ = [
    "EVERYWHERE",
    "UNKEPT_MARK",
    "ConsentBook",
    "Gate",
    "Keeping",
    "Member",
    "Mode",
    "Places",
    "Privacy",
    "PrivacyDesk",
    "PrivacyKeyProblem",
    "PrivacyOptions",
    "Pseudonyms",
    "Register",
    "RetentionKind",
    "Said",
    "Watching",
    "rules_of",
    "standing_text",
]
