"""What people write into a reply, and what must be read of it. Its one rule: the truth stands beside the words, so
that a reader can judge both; prose has no commands."""
# ruff: noqa: RUF001 - languages as they are written

from dataclasses import dataclass

Read = tuple[tuple[str, str, str], ...]
"""Verb, arguments in one line, number; in their order."""


@dataclass(frozen=True, slots=True)
class Said:
    """Own words, and the commands in them."""

    words: str
    read: Read = ()


SAID = {
    "assign": Said(
        "ASSIGN CRPM Ruth Calloway DIRECTOR Bram Okonjo",
        (("ASSIGN", "CRPM Ruth Calloway DIRECTOR Bram Okonjo", ""),),
    ),
    "approve": Said("APPROVE", (("APPROVE", "", ""),)),
    "small": Said("approve", (("APPROVE", "", ""),)),
    "respond": Said("RESPOND", (("RESPOND", "", ""),)),
    "three": Said(
        "sme Lorna Petrie; Dev Ramaswamy\nmeeting 2026-12-02 10:00 60 bridge 303-555-0199\n"
        "# a morning was asked for\nhelp minutes",
        (
            ("SME", "Lorna Petrie; Dev Ramaswamy", ""),
            ("MEETING", "2026-12-02 10:00 60 bridge 303-555-0199", ""),
            ("HELP", "minutes", ""),
        ),
    ),
    "addresses": Said(
        "SME lorna.petrie@meridell.example; dev.ramaswamy@meridell.example",
        (("SME", "lorna.petrie@meridell.example; dev.ramaswamy@meridell.example", ""),),
    ),
    "agenda": Said(
        "PC112226-1: OUTCOME ACCEPTED PLAN\nPC112226-2: PRESENTED\nPC112026-4: OUTCOME REJECTED",
        (
            ("OUTCOME", "ACCEPTED PLAN", "PC112226-1"),
            ("PRESENTED", "", "PC112226-2"),
            ("OUTCOME", "REJECTED", "PC112026-4"),
        ),
    ),
    "note": Said(
        "NOTE Ruth knows this customer from the October escalation, and whoever takes the call should have read the"
        " minutes of that week before they speak to anybody there.",
        (
            (
                "NOTE",
                "Ruth knows this customer from the October escalation, and whoever takes the call should have read"
                " the minutes of that week before they speak to anybody there.",
                "",
            ),
        ),
    ),
    "refusal": Said(
        "DISAPPROVE The basis names no tariff.\nPlease quote the section.",
        (("DISAPPROVE", "The basis names no tariff. Please quote the section.", ""),),
    ),
    "draft": Said(
        "DRAFT DENIED\nBasis: the request asks for what FCC 98-188 leaves to the states.\n"
        "Reference: FCC 98-188, paragraph 42",
        (
            (
                "DRAFT",
                "DENIED Basis: the request asks for what FCC 98-188 leaves to the states. Reference: FCC 98-188,"
                " paragraph 42",
                "",
            ),
        ),
    ),
    "minutes": Said(
        "HELD ON 12/02/2026\nMINUTES\nPresent: Ames, Petrie, Calloway.\n\nAll agreed that the list is wanted.\n"
        "Next call: none.",
        (
            ("HELD", "ON 12/02/2026", ""),
            ("MINUTES", "Present: Ames, Petrie, Calloway. All agreed that the list is wanted. Next call: none.", ""),
        ),
    ),
    "away": Said("AWAY UNTIL 12/20/2026 DEPUTY Lena Brandt", (("AWAY", "UNTIL 12/20/2026 DEPUTY Lena Brandt", ""),)),
    "consent": Said("CONSENT", (("CONSENT", "", ""),)),
    "object": Said("OBJECT Two of our orders still fail.", (("OBJECT", "Two of our orders still fail.", ""),)),
    "comment": Said(
        "COMMENT We would like to see the list by product.",
        (("COMMENT", "We would like to see the list by product.", ""),),
    ),
    "german": Said(
        "COMMENT Für Köln und Zürich gilt das ebenso; größere Aufträge prüfen wir noch.",
        (("COMMENT", "Für Köln und Zürich gilt das ebenso; größere Aufträge prüfen wir noch.", ""),),
    ),
    "french": Said(
        "COMMENT D’après nos équipes à Orléans, la liste est complète.",
        (("COMMENT", "D’après nos équipes à Orléans, la liste est complète.", ""),),
    ),
    "spanish": Said(
        "OBJECT Aún fallan dos órdenes de la señora Núñez.",
        (("OBJECT", "Aún fallan dos órdenes de la señora Núñez.", ""),),
    ),
    "portuguese": Said(
        "COMMENT A solução está correta para São Paulo.",
        (("COMMENT", "A solução está correta para São Paulo.", ""),),
    ),
    "italian": Said(
        "COMMENT Perché non è più così? La città di Forlì manca.",
        (("COMMENT", "Perché non è più così? La città di Forlì manca.", ""),),
    ),
    "polish": Said(
        "COMMENT Zgadzamy się, lista jest już gotowa.", (("COMMENT", "Zgadzamy się, lista jest już gotowa.", ""),)
    ),
    "greeting": Said("Hello Ruth,\n\nthank you, I will look at it on Friday."),
    "prose": Said("Close the case please, we have what we need."),
    "question": Said("When does the next call take place? Approve is not a word that I would use yet."),
    "danke": Said("Vielen Dank, wir melden uns bis Freitag."),
    "merci": Said("Merci beaucoup, nous revenons vers vous vendredi."),
    "gracias": Said("Muchas gracias, lo vemos el viernes."),
    "obrigado": Said("Obrigado, vamos verificar até sexta-feira."),
    "grazie": Said("Grazie mille, ci vediamo venerdì."),
}

SIGNED = {
    "": "",
    "regards": "Best regards,\nRuth Calloway\nCMP Project Manager\nMeridell Wholesale\n303-555-0142",
    "thanks": "Thanks,\nRuth",
    "name": "Ruth Calloway",
    "first": "Ruth",
    "card": "Ruth Calloway\nCMP Project Manager | Meridell Wholesale\nT 303-555-0142 | F 303-555-0143\n"
    "ruth.calloway@meridell.example",
    "disclaimer": "Ruth Calloway\nMeridell Wholesale\n\nThis e-mail and any attachments are confidential. If you\n"
    "are not the intended recipient, delete it and tell the sender.\nClose all copies.",
    "dashes": "-- \nRuth Calloway\nApprove nothing in a hurry.",
    "german": "Mit freundlichen Grüßen\nRuth Calloway\n\nMeridell GmbH, Sitz Köln, Geschäftsführer: J. Weiß",
    "german short": "Viele Grüße\nRuth",
    "french": "Cordialement,\n\nRuth Calloway\nTél. 01 55 55 01 42",
    "spanish": "Saludos cordiales,\nRuth Calloway",
    "portuguese": "Atenciosamente,\nRuth Calloway\nGerente de Projeto",
    "italian": "Cordiali saluti\nRuth Calloway",
    "dutch": "Met vriendelijke groet,\n\nRuth Calloway",
    "polish": "Pozdrawiam,\nRuth Calloway",
}

BANNERS = {
    "": "",
    "caution": "CAUTION: This email originated from outside of the organization. Do not click links or open attachments"
    " unless you recognize the sender and know the content is safe.",
    "external": "[EXTERNAL EMAIL]",
    "tag": "[EXTERNAL]",
    "warning": "WARNING: This message came from an external source. Exercise caution when opening attachments or"
    " clicking links.",
    "stars": "*** This is an EXTERNAL email. Please be careful with links and attachments. ***",
    "tip": "You don't often get email from ruth.calloway@meridell.example. Learn why this is important",
    "german": "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Bitte öffnen Sie Anhänge und Links nur, wenn"
    " Sie den Absender kennen.",
    "french": "ATTENTION : Ce message provient de l'extérieur de l'organisation. Ne cliquez pas sur les liens si vous"
    " ne connaissez pas l'expéditeur.",
    "spanish": "PRECAUCIÓN: Este correo procede de fuera de la organización. No haga clic en enlaces ni abra archivos"
    " adjuntos si no conoce al remitente.",
}
