"""The guides to real accounts: what they tell people to write is what the program takes."""

import re
from pathlib import Path

import pytest
import yaml

from bot.config import load
from bot.errors import ConfigMistake
from tests import test_config
from tests.test_config import GOOD, NOW
from tests.tokens import TokenEndpoint, certificate_pem, later

DOCS = Path(__file__).parent.parent / "docs"
GUIDES = ("accounts-microsoft.md", "accounts-gmail.md", "accounts-dovecot.md")
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [(name, n) for name in GUIDES for n in range(len(BLOCK.findall((DOCS / name).read_text("utf-8"))))]
_secrets = test_config._secrets  # the same places, filled the same way


class Elsewhere:
    """An endpoint that nobody asks."""

    root = "https://oauth.example"


def written(folder: Path, name: str, number: int) -> Path:
    """A configuration with what a guide's block says; a block that speaks of oauth only goes with the
    accounts of the first one. Every file that it names is there."""
    blocks = [yaml.safe_load(block) for block in BLOCK.findall((DOCS / name).read_text("utf-8"))]
    whole = yaml.load(GOOD, yaml.BaseLoader) | blocks[0]
    if "password" in str(blocks[number]):
        whole.pop("oauth", None)
    whole |= blocks[number]
    for file in re.findall(r"'file': '(secrets/[a-z.-]+)'", str(whole)):
        several = {".json": TokenEndpoint.service_key(Elsewhere()), ".pem": certificate_pem(later(90))}  # type: ignore[arg-type]
        (folder / file).write_text(several.get(Path(file).suffix, "s3cret"), "utf-8")
        (folder / file).chmod(0o600)
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(whole, default_style='"'), "utf-8")
    return config


@pytest.mark.parametrize(("name", "number"), BLOCKS)
def test_what_a_guide_says_is_understood(name: str, number: int, tmp_path: Path) -> None:
    """Each block of YAML, copied as it stands, is a configuration without a mistake."""
    try:
        settings = load(written(tmp_path, name, number), NOW)
    except ConfigMistake as mistake:
        pytest.fail(str(mistake))
    assert settings.imap.host
    assert (settings.oauth is None) == (
        "auth: oauth" not in "".join(BLOCK.findall((DOCS / name).read_text("utf-8")))
        or (name, number) == ("accounts-gmail.md", 2)
    )


def test_the_remedies_lead_to_the_guides() -> None:
    """What the program calls a step is what the guides call it."""
    text = (DOCS / "accounts-microsoft.md").read_text("utf-8")
    for words in (
        "IMAP.AccessAsApp",
        "SMTP.SendAsApp",
        "New-ServicePrincipal",
        "Add-MailboxPermission",
        "API permissions",
    ):
        assert words in text
    assert "https://mail.google.com/" in (DOCS / "accounts-gmail.md").read_text("utf-8")
