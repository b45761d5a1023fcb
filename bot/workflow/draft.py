"""Draft: the carrier's answer while it is in work.

Its one rule: an approval is of one answer to one text of the request, and lapses when either changes
(seed step 4; DESIGN section 5, DRAFT, APPROVE and AMEND).
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from bot.office.office import Office
from bot.workflow.carry.words import us
from bot.workflow.change import ChangeRequest, Response

FINGERPRINT = 6
"""Hex digits by which a letter names a draft: enough to tell the drafts of one change request apart."""


def sealed(draft: Response, change: ChangeRequest, cause: str) -> Response:
    """A draft with the hash of what it says and of the text that it answers, approved by nobody, as the
    letters of an event show it."""
    request = str(len(change.revisions))
    says = (draft.disposition, draft.text, draft.position, draft.basis, draft.reference, *draft.files, request)
    octets = "\0".join(says).encode("utf-8", "replace")
    fresh = replace(draft, sha256=sha256(octets).hexdigest(), approved_by="", approved_on=None, refused_on=None)
    return replace(fresh, shown=(cause,))


def fingerprint(draft: Response) -> str:
    """How a letter names a draft."""
    return draft.sha256[:FINGERPRINT]


def waits(draft: Response | None) -> bool:
    """True while the Director is asked about a draft."""
    return draft is not None and not draft.approved_by and draft.refused_on is None


def lapsed(change: ChangeRequest, cause: str) -> ChangeRequest:
    """The change request after an event gave it a new text: its draft, unless it was refused, waits for the Director
    again, under another fingerprint."""
    draft = change.draft
    if draft is None or draft.refused_on is not None:
        return change
    return replace(change, draft=replace(sealed(draft, change, cause), replaces=draft.sha256))


def without_draft(change: ChangeRequest) -> ChangeRequest:
    """The change request without its draft, which answered another direction. What it was stays known by its
    hash, so that a late answer to its letter approves no other text."""
    return replace(change, draft=None, void=change.draft.sha256) if change.draft else change


def voided(former: Response | None) -> tuple[str, ...]:
    """What its writer is told of a draft that counts no more; nothing where there was none."""
    if former is None:
        return ()
    return (f"The draft of {us(former.drafted_on)} is void{' with its approval' if former.approved_by else ''}.",)


def shown_again(change: ChangeRequest, cause: str) -> ChangeRequest:
    """The change request after letters of another event have shown its draft, where it has one."""
    draft = change.draft
    return replace(change, draft=replace(draft, shown=(*draft.shown, cause))) if draft else change


def told_of(change: ChangeRequest, office: Office, files: Mapping[str, str] | None = None) -> dict[str, object]:
    """What the letters about a draft, or else about the response in force, are told: `draft` is it,
    `fingerprint` names it, `drafter` wrote it, `papers` are the names of its files; `files` names those,
    by their hashes, that are not among the documents yet. `changed` says that the draft stands before
    its reader again because the request is another.

    Raises IndexError where there is neither a draft nor a response.
    """
    draft = change.draft or change.responses[-1]
    drafter = office.directory.named(draft.by)
    papers = {paper.sha256: paper.name for paper in change.documents} | dict(files or {})
    return {
        "draft": draft,
        "fingerprint": fingerprint(draft),
        "drafter": drafter.name if drafter else draft.by,
        "papers": tuple(papers.get(each, each) for each in draft.files),
        "changed": False,
    }
