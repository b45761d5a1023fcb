"""Three hundred mails that people write, in twelve languages, full of the words that machines use.

Its one rule: each is one that a careful reader would answer. English ones are written out; of the other
languages each has five subjects and five texts, and every pairing of them is a mail. `PROGRAMS` says what
mail programs add to what people write.
"""

# ruff: noqa: RUF001 - Russian looks like that

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import product

LETTER = "<0123456789abcdef01234567@meridell.example>"
FORM = """\
Originator Name: Kim Oyelaran
Company: Harbourline Telephone
E-mail: kim.oyelaran@harbourline.example
Phone: 303-555-0142
Area of Change Request: Product/Process
Title of Change: {title}
Description of Change: {description}
Areas Impacted: Ordering
Products Impacted: LNP
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A person's mail as it comes, and what it is known by in a test's words."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: who writes, and what they put into subjects and texts."""

    who: str
    email: str
    subjects: tuple[str, str, str, str, str]
    texts: tuple[str, str, str, str, str]


ENGLISH = (
    (
        "Automatic reply when an order is rejected",
        FORM.format(
            title="Send an automatic reply when an order is rejected",
            description="We want an automatic reply for every rejected order; today an out of office text comes.",
        ),
    ),
    (
        "Undeliverable jeopardy notices",
        FORM.format(
            title="Undeliverable jeopardy notices",
            description="Jeopardy notices come back as undeliverable since the gateway was changed. Please repair it.",
        ),
    ),
    (
        "Delivery failure notices for loops",
        FORM.format(
            title="Delivery failure notice with the circuit",
            description="A delivery failure of a loop should name the circuit, as returned mail names its recipient.",
        ),
    ),
    (
        "Vacation suspend for resold lines",
        FORM.format(
            title="Vacation suspend for resold lines",
            description="End users on vacation want to suspend their line. Retail can do it, resale cannot.",
        ),
    ),
    (
        "Out of office hours support for LNP",
        FORM.format(
            title="Support out of office hours for LNP",
            description="Ports that fail after 17:00 wait until the morning. We ask for an after hours desk.",
        ),
    ),
    (
        "Re: [PC112226-1] Change request logged",
        "COMMENT Our desk is on vacation in the last week of December, so please no meeting then.",
    ),
    ("Re: [PC112226-1] Change request logged", "COMMENT: The automatic reply of your gateway is not what we ask for."),
    ("Re: [PC112226-1] The response", "OBJECT Delivery failure notices still come as plain mail."),
    ("Re: [PC112226-1] Shall it be closed?", "CONSENT"),
    ("RE: [PC112226-1] Change request logged", "STATUS PC112226-1"),
    (
        "Re: [PC112226-1] Clarification meeting",
        "I am on vacation from Friday, can we hold the meeting before that? Thursday suits me.",
    ),
    (
        "Re: [PC112226-1] Clarification meeting",
        "I will be out of the office on Wednesday morning. Any time in the afternoon is fine with me.",
    ),
    ("Question: out of office replies", "Why did your desk send us an out of office text when we asked for a number?"),
    (
        "Automatic number assignment?",
        "Is the number assigned automatically, or by a person? We got none since Tuesday.\n\nThanks\nKim",
    ),
    (
        "FW: Automatic reply: [PC112226-1] Change request logged",
        "See below what your colleague's mailbox sends. Who stands in?\n\n-----Original Message-----\n"
        "From: Lena Brandt\nSubject: Automatic reply: your request\n\nI am out of the office until Monday.",
    ),
    (
        "Fwd: Undelivered Mail Returned to Sender",
        "This came back when I wrote to the address on your page. Is it right?\n\n---------- Forwarded "
        "message ---------\n"
        "From: Mail Delivery System <MAILER-DAEMON@mx.harbourline.example>\nSubject: Undelivered Mail "
        "Returned to Sender\n\n"
        "<cmp-help@meridell.example>: host mx said: 550 5.1.1 User unknown",
    ),
    (
        "RE: Undeliverable: our change request",
        "Your first answer was undeliverable because our mailbox was full. It works again, please send it once more.",
    ),
    ("Out of office next week, so please call", "I have a question about the form: what belongs into Areas Impacted?"),
    ("Thanks", "Thanks for the quick answer, and enjoy your vacation!\n\nKim"),
    (
        "Re: [PC112226-1] Change request logged",
        "Thank you, that was fast. It did not look like an automatic reply at all.",
    ),
    (
        "Vacation schedule of your CMP desk",
        "Is anybody there between Christmas and New Year, or is the desk on vacation?",
    ),
    ("Mailing list", "Please take Dana off the mailing list: she has left us. Her mail bounces, I am told."),
    (
        "Re: [PC112226-1] Change request logged",
        "I was on vacation until yesterday and see this only now. In urgent cases you can always contact Dana. "
        "Which phone number of ours is missing?",
    ),
    ("Read receipts", "You do not return read receipts. Did our change request of Friday arrive?"),
    (
        "Auto-reply loop last night",
        "Our vacation program and your bot wrote to each other last night. I have switched ours off. Sorry!",
    ),
)

TONGUES = {
    "german": Tongue(
        "Jörg Brömmel",
        "j.broemmel@weserfunk.example",
        (
            "Frage zur automatischen Antwort",
            "Urlaub von Frau Petersen: wer vertritt sie?",
            "AW: Automatische Antwort: Ihr Antrag",
            "WG: Unzustellbar: Auftragsbestätigung",
            "Abwesenheit im Dezember, Termin verschieben",
        ),
        (
            "Bekommen wir immer eine automatische Antwort, oder liest das jemand?",
            "Im Dezember sind wir im Urlaub. Können wir den Termin vorziehen?",
            "Danke für die schnelle Antwort, und einen schönen Urlaub!",
            "Die Bestätigung war unzustellbar; bitte schicken Sie sie noch einmal an diese Adresse.",
            "Siehe unten. Was sollen wir damit tun?\n\nVon: Postmaster\nBetreff: Unzustellbar: Auftrag\n\n"
            "Ihre Nachricht konnte nicht zugestellt werden.",
        ),
    ),
    "french": Tongue(
        "Hélène Vautrin",
        "helene.vautrin@telecom-loire.example",
        (
            "Question sur la réponse automatique",
            "Congés de fin d'année : qui répond ?",
            "RE: Réponse automatique : votre demande",
            "TR: Non remis : accusé de réception",
            "Absence de numéro dans votre message",
        ),
        (
            "Est-ce une réponse automatique, ou quelqu'un a-t-il lu notre demande ?",
            "Nous serons en congé la dernière semaine de décembre : peut-on avancer la réunion ?",
            "Merci pour cette réponse rapide, et bonnes vacances !",
            "Votre accusé n'a pas été remis ; pouvez-vous l'envoyer encore une fois ?",
            "Voir ci-dessous. Que faut-il faire ?\n\nDe : Postmaster\nObjet : Non remis : commande\n\n"
            "Votre message n'a pas pu être remis.",
        ),
    ),
    "spanish": Tongue(
        "Íñigo Zárate",
        "izarate@voznorte.example",
        (
            "Pregunta sobre la respuesta automática",
            "Vacaciones de Navidad: ¿quién atiende?",
            "RE: Respuesta automática: su solicitud",
            "RV: No se puede entregar: confirmación",
            "Fuera de la oficina no recibimos los avisos",
        ),
        (
            "¿Es una respuesta automática o la ha leído alguien?",
            "Estamos de vacaciones en la última semana; ¿podemos adelantar la reunión?",
            "Gracias por la rapidez, y buenas vacaciones.",
            "El aviso no se pudo entregar; envíenlo otra vez, por favor.",
            "Vea abajo. ¿Qué hacemos?\n\nDe: Postmaster\nAsunto: No se puede entregar: pedido\n\n"
            "Su mensaje no se pudo entregar.",
        ),
    ),
    "italian": Tongue(
        "Niccolò Farné",
        "n.farne@reteadige.example",
        (
            "Domanda sulla risposta automatica",
            "Ferie di dicembre: chi risponde?",
            "R: Risposta automatica: la vostra richiesta",
            "I: Non recapitabile: conferma",
            "Fuori ufficio il 2 dicembre, spostiamo la riunione",
        ),
        (
            "È una risposta automatica o l'ha letta qualcuno?",
            "Siamo in ferie l'ultima settimana: possiamo anticipare la riunione?",
            "Grazie per la rapidità, e buone ferie!",
            "La conferma non è stata recapitata: la rimandate, per favore?",
            "Vedi sotto. Che cosa dobbiamo fare?\n\nDa: Postmaster\nOggetto: Non recapitabile: ordine\n\n"
            "Il messaggio non è stato recapitato.",
        ),
    ),
    "portuguese": Tongue(
        "Inês Falcão",
        "ines.falcao@linhasul.example",
        (
            "Pergunta sobre a resposta automática",
            "Férias de Natal: quem responde?",
            "RE: Resposta automática: o vosso pedido",
            "ENC: Não entregue: confirmação",
            "Ausência de número na confirmação",
        ),
        (
            "É uma resposta automática ou alguém leu o pedido?",
            "Estamos de férias na última semana; podemos antecipar a reunião?",
            "Obrigada pela rapidez, e boas férias!",
            "A confirmação não foi entregue; podem enviá-la outra vez?",
            "Ver abaixo. O que fazemos?\n\nDe: Postmaster\nAssunto: Não entregue: encomenda\n\n"
            "A mensagem não foi entregue.",
        ),
    ),
    "dutch": Tongue(
        "Sjoerd Veenstra",
        "s.veenstra@polderlijn.example",
        (
            "Vraag over het automatisch antwoord",
            "Vakantie van mevrouw Postma: wie neemt waar?",
            "Antw: Automatisch antwoord: uw aanvraag",
            "FW: Onbestelbaar: bevestiging",
            "Afwezig op 2 december, graag een andere dag",
        ),
        (
            "Is dit een automatisch antwoord, of heeft iemand het gelezen?",
            "Wij zijn eind december met vakantie; kan de vergadering eerder?",
            "Bedankt voor het snelle antwoord, en fijne vakantie!",
            "De bevestiging was onbestelbaar; wilt u die nog eens sturen?",
            "Zie hieronder. Wat moeten wij doen?\n\nVan: Postmaster\nOnderwerp: Onbestelbaar: order\n\n"
            "Uw bericht kon niet worden bezorgd.",
        ),
    ),
    "swedish": Tongue(
        "Åsa Lindmark",
        "asa.lindmark@fjallnat.example",
        (
            "Fråga om ert autosvar",
            "Semester i december: vem svarar?",
            "SV: Automatiskt svar: er ansökan",
            "VB: Olevererbart: bekräftelse",
            "Frånvaro av nummer i bekräftelsen",
        ),
        (
            "Är det ett automatiskt svar, eller har någon läst det?",
            "Vi är på semester i slutet av december. Kan mötet hållas tidigare?",
            "Tack för det snabba svaret, och trevlig semester!",
            "Bekräftelsen kom inte fram; kan ni skicka den igen?",
            "Se nedan. Vad ska vi göra?\n\nFrån: Postmaster\nÄmne: Olevererbart: order\n\nMeddelandet gick "
            "inte att leverera.",
        ),
    ),
    "danish": Tongue(
        "Søren Bjerregaard",
        "sb@sundnet.example",
        (
            "Spørgsmål om jeres automatiske svar",
            "Ferie i december: hvem svarer?",
            "SV: Automatisk svar: jeres ansøgning",
            "VS: Kan ikke leveres: bekræftelse",
            "Fravær den 2. december, ny mødedag?",
        ),
        (
            "Er det et automatisk svar, eller har nogen læst det?",
            "Vi er på ferie sidst i december. Kan mødet holdes før?",
            "Tak for det hurtige svar, og god ferie!",
            "Bekræftelsen kunne ikke leveres; vil I sende den igen?",
            "Se nedenfor. Hvad skal vi gøre?\n\nFra: Postmaster\nEmne: Kan ikke leveres: ordre\n\n"
            "Meddelelsen kunne ikke leveres.",
        ),
    ),
    "polish": Tongue(
        "Łucja Wrzesień",
        "lucja.wrzesien@odranet.example",
        (
            "Pytanie o automatyczną odpowiedź",
            "Urlop w grudniu: kto odpowiada?",
            "Odp: Automatyczna odpowiedź: Państwa wniosek",
            "PD: Niedostarczone: potwierdzenie",
            "Poza biurem nie widzimy numerów",
        ),
        (
            "Czy to automatyczna odpowiedź, czy ktoś to przeczytał?",
            "Pod koniec grudnia jesteśmy na urlopie. Czy spotkanie może być wcześniej?",
            "Dziękuję za szybką odpowiedź i życzę udanego urlopu!",
            "Potwierdzenie nie zostało dostarczone; proszę wysłać je ponownie.",
            "Proszę zobaczyć poniżej. Co mamy zrobić?\n\nOd: Postmaster\nTemat: Niedostarczone: zamówienie\n\n"
            "Wiadomość nie została dostarczona.",
        ),
    ),
    "russian": Tongue(
        "Фёдор Ежов",
        "f.ezhov@volgasvyaz.example",
        (
            "Вопрос об автоматическом ответе",
            "Отпуск в декабре: кто отвечает?",
            "Re: Автоматический ответ: ваша заявка",
            "Fwd: Недоставленное сообщение",
            "Автоответ на заявку пришёл без номера",
        ),
        (
            "Это автоматический ответ, или заявку кто-то прочитал?",
            "В конце декабря мы в отпуске. Можно провести встречу раньше?",
            "Спасибо за быстрый ответ и хорошего отпуска!",
            "Подтверждение не доставлено, пришлите его, пожалуйста, ещё раз.",
            "Смотрите ниже. Что нам делать?\n\nОт: Postmaster\nТема: Недоставленное сообщение\n\nСообщение "
            "не доставлено.",
        ),
    ),
    "japanese": Tongue(
        "三枝 由香",
        "y.saegusa@kitadenwa.example",
        (
            "自動応答について質問があります",
            "年末休暇中の窓口はどなたですか",
            "Re: 自動応答: お申し込み",
            "転送: 配信できませんでした",
            "不在のお知らせに番号がありません",
        ),
        (
            "これは自動応答でしょうか。どなたかご覧になりましたか。",
            "年末は休暇のため、会議を早めていただけますか。",
            "早速のご返信ありがとうございます。よい休暇をお過ごしください。",
            "確認のメールが配信されませんでした。もう一度お送りください。",
            "下記のとおりです。どうすればよいでしょうか。\n\n差出人: Postmaster\n件名: 配信不能\n\n"
            "配信できませんでした。",
        ),
    ),
}

# What programs add to the mail of people.
PROGRAMS: tuple[dict[str, str], ...] = (
    {"X-Mailer": "Microsoft Outlook 16.0", "X-Auto-Response-Suppress": "DR, OOF, AutoReply", "Thread-Index": "AdH"},
    {"User-Agent": "Mozilla Thunderbird", "Return-Path": "{email}", "Disposition-Notification-To": "{email}"},
    {"X-Mailer": "Apple Mail (2.3826)", "Precedence": "normal", "X-Spam-Status": "No, score=-1.9"},
    {"X-MS-Has-Attach": "", "X-Auto-Response-Suppress": "All", "Importance": "high", "X-MS-TNEF-Correlator": ""},
    {"X-Mailer": "iPhone Mail (22B91)", "Auto-Submitted": "no", "Return-Receipt-To": "{email}"},
    {"X-Gm-Message-State": "AOJu0Y", "X-Received": "by 2002:a05", "Sender": "{email}"},
)
ENCODINGS = ("quoted-printable", "base64", "8bit")


def people() -> Iterator[Written]:
    """All three hundred."""
    kim = "Kim Oyelaran", "kim.oyelaran@harbourline.example"
    said = [("english", *kim, subject, text) for subject, text in ENGLISH]
    said += [
        (language, tongue.who, tongue.email, subject, text)
        for language, tongue in TONGUES.items()
        for subject, text in product(tongue.subjects, tongue.texts)
    ]
    for number, (language, who, email, subject, text) in enumerate(said):
        message = EmailMessage()
        message["Authentication-Results"] = f"mx.meridell.example; dmarc=pass header.from={email.partition('@')[2]}"
        message["From"] = f"{who} <{email}>"
        message["To"] = "cmpcr@meridell.example"
        message["Subject"] = subject
        message["Date"] = f"Mon, 23 Nov 2026 {8 + number // 60:02}:{number % 60:02}:00 -0700"
        message["Message-ID"] = f"<p{number}@{email.partition('@')[2]}>"
        if number % 2:
            message["In-Reply-To"] = LETTER
            message["References"] = LETTER
        for name, value in PROGRAMS[number % len(PROGRAMS)].items():
            message[name] = value.format(email=f"<{email}>")
        quoted = (
            "\n\nOn Mon, 23 Nov 2026 Meridell CMP wrote:\n> This is an automatic reply.\n> Out of office: nobody.\n"
        )
        message.set_content(f"{text}\n{quoted if number % 3 == 0 else ''}", cte=ENCODINGS[number % len(ENCODINGS)])
        yield Written(f"{language} {number}: {subject}", message.as_bytes())
