"""Sixty absence notices in twelve languages, as programs of five kinds send them.

Its one rule: each language has five notices in its own words; what a program adds to them stands in `WAYS`,
from one that says all that RFC 3834 asks for down to one that says nothing and only answers in the thread.
"""

# ruff: noqa: RUF001 - Russian looks like that

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

SUBJECT = "[PC112226-1] Change request logged"
LETTER = "<0123456789abcdef01234567@meridell.example>"


@dataclass(frozen=True, slots=True)
class Absence:
    """A notice as it comes, and what it is known by in a test's words."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: who is away, the words of a program in front of the subject it answers, a subject of its
    own, and five notices."""

    who: str
    email: str
    reply: str
    own: str
    texts: tuple[str, str, str, str, str]


TONGUES = {
    "english": Tongue(
        "Kim Oyelaran",
        "kim.oyelaran@harbourline.example",
        "Automatic reply:",
        "Out of Office",
        (
            "I am out of the office until Monday, November 30, without access to e-mail.\nOrders: the "
            "provisioning desk.",
            "Thank you for your message. I'm currently on vacation and will reply when I'm back on December 7.",
            "I am away this week. For anything that cannot wait, call our front desk.",
            "I am on parental leave until March. Please write to carrier.desk@harbourline.example instead.",
            "Thank you for your e-mail. I am out of the office from November 23 to December 4 and will answer on my "
            "return. In urgent cases please contact Dana Whitlock, dana.whitlock@harbourline.example.",
        ),
    ),
    "german": Tongue(
        "Jörg Brömmel",
        "j.broemmel@weserfunk.example",
        "Automatische Antwort:",
        "Abwesenheitsnotiz",
        (
            "Ich bin bis einschließlich 4. Dezember nicht im Büro.\nIhre Nachricht wird nicht weitergeleitet.",
            "Vielen Dank für Ihre Nachricht. Ich bin bis zum 30.11. im Urlaub und lese keine E-Mails.",
            "Ich befinde mich auf Dienstreise und bin nur eingeschränkt erreichbar.",
            "Guten Tag,\n\nich bin außer Haus und ab dem 7. Dezember wieder für Sie da.\n\nJörg Brömmel",
            "Vielen Dank für Ihre E-Mail. Ich bin bis zum 4. Dezember abwesend. Ihre Mail wird nicht weitergeleitet; "
            "in dringenden Fällen wenden Sie sich bitte an Frau Petersen.",
        ),
    ),
    "french": Tongue(
        "Hélène Vautrin",
        "helene.vautrin@telecom-loire.example",
        "Réponse automatique :",
        "Absence du bureau",
        (
            "Je suis absente jusqu'au 4 décembre inclus.",
            "Bonjour,\n\nActuellement en congés, je prendrai connaissance de votre message à mon retour le 7 décembre.",
            "Je suis en déplacement et ne consulte pas mes courriels.",
            "Absente du bureau cette semaine, je serai de retour le 30 novembre.",
            "Bonjour,\nMerci pour votre message. Je suis absente du bureau du 23 novembre au 4 décembre. En cas "
            "d'urgence, merci de contacter Luc Fabre au standard.",
        ),
    ),
    "spanish": Tongue(
        "Íñigo Zárate",
        "izarate@voznorte.example",
        "Respuesta automática:",
        "Fuera de la oficina",
        (
            "Estaré fuera de la oficina hasta el 4 de diciembre.",
            "Gracias por su correo. Me encuentro de vacaciones y responderé a mi regreso, el 7 de diciembre.",
            "Estoy de viaje con acceso limitado al correo.",
            "Me encuentro fuera de la oficina. Diríjase por favor a soporte@voznorte.example.",
            "Gracias por su mensaje. Estaré ausente del 23 de noviembre al 4 de diciembre. Para asuntos urgentes, "
            "por favor contacte con Marta Ibarra.",
        ),
    ),
    "italian": Tongue(
        "Niccolò Farné",
        "n.farne@reteadige.example",
        "Risposta automatica:",
        "Fuori ufficio",
        (
            "Sono fuori ufficio fino al 4 dicembre compreso.",
            "Grazie per il messaggio. Sono in ferie e risponderò al mio rientro il 7 dicembre.",
            "Sono in trasferta e leggo la posta saltuariamente.",
            "Buongiorno, sono assente fino al 30 novembre; in ferie senza accesso alla posta.",
            "Grazie per la Sua e-mail. Sono assente dall'ufficio dal 23 novembre al 4 dicembre. Per urgenze si prega "
            "di contattare la dott.ssa Bruni.",
        ),
    ),
    "portuguese": Tongue(
        "Inês Falcão",
        "ines.falcao@linhasul.example",
        "Resposta automática:",
        "Ausência",
        (
            "Estou ausente do escritório até 4 de dezembro.",
            "Obrigada pela sua mensagem. Estou de férias e respondo quando regressar, a 7 de dezembro.",
            "Encontro-me em viagem, com acesso limitado ao correio.",
            "Estou fora do escritório esta semana. Volto na segunda-feira.",
            "Obrigada pelo seu e-mail. Estarei ausente de 23 de novembro a 4 de dezembro. Em caso de urgência, por "
            "favor contacte Rui Sá.",
        ),
    ),
    "dutch": Tongue(
        "Sjoerd Veenstra",
        "s.veenstra@polderlijn.example",
        "Automatisch antwoord:",
        "Afwezig",
        (
            "Ik ben tot en met 4 december niet aanwezig.",
            "Bedankt voor uw bericht. Ik ben met vakantie en lees mijn mail weer vanaf 7 december.",
            "Ik ben op reis en kan uw bericht pas later lezen.",
            "Wegens vakantie ben ik afwezig tot 30 november.",
            "Bedankt voor uw e-mail. Ik ben van 23 november tot 4 december afwezig. Neem in dringende gevallen contact "
            "op met Femke Postma.",
        ),
    ),
    "swedish": Tongue(
        "Åsa Lindmark",
        "asa.lindmark@fjallnat.example",
        "Autosvar:",
        "Frånvaro",
        (
            "Jag är inte på kontoret förrän den 7 december.",
            "Tack för ditt meddelande. Jag är på semester och svarar när jag är tillbaka.",
            "Jag är på tjänsteresa och läser inte e-post.",
            "Jag är på semester till och med 4 december.",
            "Tack för ditt mejl. Jag är på semester 23 november till 4 december. I brådskande fall, kontakta Nils Ek.",
        ),
    ),
    "danish": Tongue(
        "Søren Bjerregaard",
        "sb@sundnet.example",
        "Automatisk svar:",
        "Fravær",
        (
            "Jeg er ikke på kontoret før mandag den 7. december.",
            "Tak for din mail. Jeg er på ferie og svarer, når jeg er tilbage.",
            "Jeg er på rejse og læser kun mails om aftenen.",
            "Jeg holder ferie og er ikke på kontoret i denne uge.",
            "Tak for din mail. Jeg er på ferie fra 23. november til 4. december. Hvis det haster, kontakt venligst "
            "Mette Krogh.",
        ),
    ),
    "polish": Tongue(
        "Łucja Wrzesień",
        "lucja.wrzesien@odranet.example",
        "Automatyczna odpowiedź:",
        "Poza biurem",
        (
            "Do 4 grudnia jestem poza biurem.",
            "Dziękuję za wiadomość. Jestem na urlopie i odpowiem po powrocie 7 grudnia.",
            "Jestem w podróży służbowej, dostęp do poczty mam ograniczony.",
            "W tym tygodniu jestem na urlopie.",
            "Dziękuję za wiadomość. Od 23 listopada do 4 grudnia jestem na urlopie. W pilnych sprawach "
            "proszę o kontakt "
            "z Janem Sobczakiem.",
        ),
    ),
    "russian": Tongue(
        "Фёдор Ежов",
        "f.ezhov@volgasvyaz.example",
        "Автоматический ответ:",
        "Автоответ",
        (
            "Меня не будет в офисе до 4 декабря включительно.",
            "Спасибо за письмо. Я в отпуске и отвечу после возвращения 7 декабря.",
            "Я в командировке и читаю почту нерегулярно.",
            "На этой неделе я не в офисе.",
            "Спасибо за Ваше письмо. С 23 ноября по 4 декабря я в отпуске. По срочным вопросам обращайтесь к Ольге "
            "Минаевой.",
        ),
    ),
    "japanese": Tongue(
        "三枝 由香",
        "y.saegusa@kitadenwa.example",
        "自動応答:",
        "不在のお知らせ",
        (
            "12月4日まで不在にしております。",
            "ご連絡ありがとうございます。休暇中のため、12月7日以降に返信いたします。",
            "出張中のため、返信が遅れます。",
            "今週は休暇をいただいております。",
            "メールをいただきありがとうございます。11月23日から12月4日まで休暇をいただいております。"
            "お急ぎの場合は、担当の中野までご連絡ください。",
        ),
    ),
}

# How programs send it: which of the subjects, and what they add.
MARKED = (
    {"Auto-Submitted": "auto-replied", "Precedence": "bulk"},
    {"Auto-Submitted": "auto-replied (vacation)"},
    {"X-Autoreply": "yes", "Precedence": "auto_reply"},
    {"Return-Path": "<>", "X-Mailer": "Mail Responder 4"},
    {"Auto-Submitted": 'auto-replied; owner-email="desk@x.example"'},
    {"X-Autorespond": "Change request logged"},
)
EXCHANGE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
ENCODINGS = ("quoted-printable", "base64", "8bit")


def absences() -> Iterator[Absence]:
    """All sixty."""
    for place, (language, tongue) in enumerate(TONGUES.items()):
        marked, exchange, suppressing, own, bare = tongue.texts
        ways: tuple[tuple[str, str, str, dict[str, str], bool], ...] = (
            ("marked", f"Re: {SUBJECT}", marked, MARKED[place % len(MARKED)], True),
            ("exchange", f"{tongue.reply} {SUBJECT}", exchange, EXCHANGE, True),
            ("subject and thread", f"{tongue.reply} {SUBJECT}", suppressing, {}, True),
            ("subject and text", tongue.own, own, {}, False),
            ("text alone", f"Re: {SUBJECT}", bare, {}, True),
        )
        for number, (way, subject, text, fields, answers) in enumerate(ways):
            message = EmailMessage()
            message["From"] = f"{tongue.who} <{tongue.email}>"
            message["To"] = "cmpcr@meridell.example"
            message["Subject"] = subject
            message["Date"] = f"Mon, 23 Nov 2026 09:{place:02}:{number:02} -0700"
            message["Message-ID"] = f"<{language}.{number}@{tongue.email.partition('@')[2]}>"
            if answers:
                message["In-Reply-To"] = LETTER
                message["References"] = LETTER
            for name, value in fields.items():
                message[name] = value
            message.set_content(f"{text}\n", cte=ENCODINGS[(place + number) % len(ENCODINGS)])
            yield Absence(f"{language}, {way}", message.as_bytes())
