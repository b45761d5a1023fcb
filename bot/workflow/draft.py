"""Draft: the carrier's answer while it is in work.

Its one rule: an approval is of one answer to one text of the request, and lapses when either changes
(seed step 4; DESIGN section 5, DRAFT, APPROVE and AMEND).
"""

from dataclasses import replace
from hashlib import sha256

from bot.workflow.change import ChangeRequest, Response

FINGERPRINT = 6
"""Hex digits by which a letter names a draft: enough to tell the drafts of one change request apart."""


def sealed(draft: Response, change: ChangeRequest) -> Response:
    """A draft with the hash of what it says and of the text that it answers, approved by nobody."""
    request = str(len(change.revisions))
    says = (draft.disposition, draft.text, draft.position, draft.basis, draft.reference, *draft.files, request)
    octets = "\0".join(says).encode("utf-8", "replace")
    return replace(draft, sha256=sha256(octets).hexdigest(), approved_by="", approved_on=None, refused_on=None)


def fingerprint(draft: Response) -> str:
    """How a letter names a draft."""
    return draft.sha256[:FINGERPRINT]


def waits(draft: Response | None) -> bool:
    """True while the Director is asked about a draft."""
    return draft is not None and not draft.approved_by and draft.refused_on is None


def lapsed(change: ChangeRequest) -> ChangeRequest:
    """The change request after a new text of it: its draft, unless it was refused, waits for the Director
    again, under another fingerprint."""
    draft = change.draft
    if draft is None or draft.refused_on is not None:
        return change
    return replace(change, draft=replace(sealed(draft, change), replaces=draft.sha256))
