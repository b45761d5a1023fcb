"""Why no token is given, in the operator's words. Its one rule: of the provider's own words nothing but
its code is repeated, for it may echo what it was sent."""

import re
from collections.abc import Mapping

from bot.errors import Trouble

REFUSED_WAIT = 300  # seconds; asking more often changes nothing, and providers slow down who does
PUBLIC = "The provider of access tokens gives the bot none."
BUSY = frozenset({"temporarily_unavailable", "server_error", "internal_failure", "slow_down"})
ANEW = "sign in anew and write the new refresh token into the file that `oauth.refresh_token` names"

MICROSOFT = {
    "7000222": "the client secret has expired; make a new one (Certificates & secrets) and write its Value into the "
    "file that `oauth.client_secret` names",
    "7000215": "the client secret is not right; it must be the secret's Value, not its Secret ID",
    "7000218": "the application is registered as one with a secret; give `oauth.client_secret` as well",
    "700016": "the tenant knows no such application; correct `oauth.client_id` or `oauth.tenant`",
    "700027": "the certificate is not one of the application's, or it has expired; upload it (Certificates & secrets)",
    "90002": "there is no such tenant; correct `oauth.tenant`",
    "900023": "there is no such tenant; correct `oauth.tenant`",
    "700082": f"the refresh token has expired, for it was not used for too long; {ANEW}",
    "70008": f"the refresh token has expired; {ANEW}",
    "700084": f"the refresh token has expired; {ANEW}",
    "50173": f"the refresh token was revoked, as a changed password does; {ANEW}",
    "50057": "the mailbox's user account is disabled",
    "50076": f"the tenant wants a second factor; {ANEW}",
    "50079": f"the tenant wants a second factor; {ANEW}",
    "53003": "a Conditional Access policy of the tenant forbids it; ask its administrator",
    "65001": "nobody consented to the application's permissions; an administrator must grant them (API permissions)",
    "70011": "the scope is not right; leave `oauth.scopes` out, or correct it",
    "500011": "the tenant has no such resource; leave `oauth.scopes` out, or correct it",
}
# Google tells its reasons apart by words only: the error, and a piece of its description.
GOOGLE = (
    ("invalid_grant", "expired or revoked", f"the refresh token has expired or was revoked; {ANEW}"),
    ("invalid_grant", "signature", "the service account's key is not valid any more; make a new key (JSON)"),
    ("invalid_grant", "timeframe", "this machine's clock is wrong; set it, and keep it right by NTP"),
    ("invalid_grant", "email or user id", "`mailbox.username` is no user of the Workspace domain"),
    ("invalid_grant", "account not found", "the service account is gone; make a new one, with a key"),
    ("invalid_grant", "", f"what we ask with is not valid any more; with a refresh token: {ANEW}"),
    ("unauthorized_client", "", "the service account is not entered under Domain-wide delegation with this scope"),
    ("invalid_client", "", "there is no such client; correct `oauth.client_id` or `oauth.client_secret`"),
    ("deleted_client", "", "the client was deleted; make a new one"),
    ("disabled_client", "", "the client is disabled in the Google Cloud project"),
    ("invalid_scope", "", "the scope is not right, or not delegated; leave `oauth.scopes` out, or correct it"),
    ("admin_policy_enforced", "", "a policy of the Workspace domain forbids it; ask its administrator"),
)  # fmt: skip
UNREACHED = (
    ("CERTIFICATE_VERIFY_FAILED", "its certificate is not to be trusted; behind a proxy that opens TLS name its "
     "authority in `oauth.ca_file`"),
    ("SSL", "no TLS can be agreed on"),
    ("imed out", "it does not answer in time"),
    ("resolve", "its name cannot be resolved"),
    ("refused", "the connection is refused"),
)  # fmt: skip


def by_microsoft(answer: Mapping[str, object]) -> Trouble:
    """The trouble that an answer without a token means."""
    error, described = _word(answer.get("error")), str(answer.get("error_description", ""))
    found = re.search(r"AADSTS(\d{4,8})", described)
    code = found[1] if found else ""
    return _trouble(error, MICROSOFT.get(code, ""), f"AADSTS{code}" if code else error)


def by_google(error: object, described: object) -> Trouble:
    """The same for Google's error and its description."""
    word, text = _word(error), str(described).lower()
    reason = next((words for kind, piece, words in GOOGLE if kind == word and piece in text), "")
    return _trouble(word, reason, word)


def unreached(error: BaseException) -> Trouble:
    """The provider could not be asked at all. Addresses and hosts are in the library's words, secrets are
    not; even so only the kind of trouble is taken from them."""
    text = str(error)
    reason = next((words for piece, words in UNREACHED if piece in text), "the connection breaks")
    return Trouble(f"oauth: the provider of tokens cannot be reached: {reason}", public=PUBLIC)


def senseless(error: BaseException | None = None) -> Trouble:
    """The provider's answer is none that can be understood."""
    kind = f" ({type(error).__name__})" if error else ""
    return Trouble(
        f"oauth: the provider's answer makes no sense{kind}; is its address right (`oauth.tenant`, "
        "`oauth.authority`, `oauth.token_uri`)?",
        public=PUBLIC,
    )


def _trouble(error: str, reason: str, code: str) -> Trouble:
    if error in BUSY:
        return Trouble("oauth: the provider of tokens is busy", public=PUBLIC)
    told = f"oauth: no access token: {reason}" if reason else "oauth: no access token; the provider's log says why"
    return Trouble(f"{told} ({code or 'no reason given'})", public=PUBLIC, wait=REFUSED_WAIT)


def _word(value: object) -> str:
    """An OAuth error code, which is one word; anything else is not repeated."""
    return value if isinstance(value, str) and re.fullmatch(r"[a-z_]{1,40}", value) else ""
