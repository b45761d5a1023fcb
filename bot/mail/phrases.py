"""The words by which mail programs mark what is not their user's own: tables, and nothing else.

Its one rule: a new language or program is a new entry here, never a new branch elsewhere.
"""
# ruff: noqa: RUF001 - letters of many alphabets are the very content of these tables

# Ends a line that says who wrote what follows: `On Tue, Ann Lee wrote:`
WROTE = (
    *(
        "wrote",
        "writes",
        "schrieb",
        "schreibt",
        "a écrit",
        "escribió",
        "ha scritto",
        "escreveu",
        "schreef",
        "geschreven",
    ),
    *("skrev", "kirjoitti", "napsal", "napsala", "napsal(a)", "napisał", "napisała", "napisał(a)", "a scris", "yazdı"),
    *("írta", "писал", "писала", "написал", "написала", "написал(а)", "пишет"),
)
# The same where no colon need follow.
WROTE_ASIA = ("写道", "寫道", "のメール", "さんは書きました", "님이 작성")
# Stands before the name or the date: `Am Di., 24. Nov. 2026 um 09:15 Uhr schrieb Ann Lee <ann@x.example>:`
WROTE_BEFORE_NAME = ("wrote on", "schrieb", "schreef", "skrev", "escreveu", "geschreven")
# Begins such a line, which may then be wrapped.
ATTRIBUTION_STARTS = (
    "on",
    "am",
    "le",
    "el",
    "il",
    "em",
    "op",
    "den",
    "dne",
    "dnia",
    "pe",
    "på",
    "quoting",
    "zitat von",
)

# Stands between dashes or underscores above an older mail.
OLDER_MAIL = (
    *("original message", "original appointment", "original e-mail", "original email", "forwarded message"),
    *("ursprüngliche nachricht", "originalnachricht", "original-nachricht", "weitergeleitete nachricht"),
    *("message d'origine", "message d’origine", "message original", "message transféré"),
    *("mensaje original", "mensaje reenviado", "messaggio originale", "messaggio inoltrato"),
    *("mensagem original", "mensagem encaminhada", "oorspronkelijk bericht", "doorgestuurd bericht"),
    *("originalmeddelande", "ursprungligt meddelande", "vidarebefordrat meddelande", "oprindelig meddelelse"),
    *("opprinnelig melding", "videresendt melding", "alkuperäinen viesti", "välitetty viesti"),
    *("původní zpráva", "přeposlaná zpráva", "oryginalna wiadomość", "wiadomość oryginalna"),
    *("исходное сообщение", "пересылаемое сообщение", "原始邮件", "转发邮件", "元のメッセージ", "転送メッセージ"),
)
# Stands alone, with a colon, above a forwarded mail.
FORWARDED = (
    *("begin forwarded message", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail"),
    *("début du message réexpédié", "début du message transféré", "inicio del mensaje reenviado"),
    *("inizio messaggio inoltrato", "início da mensagem encaminhada", "início da mensagem reencaminhada"),
    *("begin doorgestuurd bericht", "vidarebefordrat brev", "start på videresendt besked"),
)
# Begins the line that a telephone adds.
SENT_FROM = (
    *("sent from my ", "sent from yahoo", "sent from outlook", "sent from mail", "sent from samsung", "sent via "),
    *("get outlook for ", "von meinem iphone", "von meinem ipad", "von meinem smartphone", "gesendet von "),
    *("envoyé de mon ", "envoyé depuis mon ", "enviado desde mi ", "inviato da iphone", "inviato dal mio "),
    *("enviado do meu ", "verstuurd vanaf ", "skickat från min ", "sendt fra min "),
)

# The labels of the header block above an older mail, by what they mean.
LABELS = {
    "from": (
        *("from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "от", "kimden", "feladó"),
        *("expéditeur", "remitente", "mittente", "发件人", "寄件者", "差出人"),
    ),
    "date": (
        *("sent", "date", "date sent", "sent on", "gesendet", "datum", "envoyé", "enviado", "enviado el", "enviada em"),
        *("fecha", "data", "inviato", "verzonden", "skickat", "sendt", "dato", "lähetetty", "päiväys", "wysłano"),
        *("odesláno", "отправлено", "дата", "发送时间", "日期", "送信日時", "日時"),
    ),
    "to": (
        *("to", "an", "à", "a", "para", "aan", "till", "til", "vastaanottaja", "do", "komu", "кому", "destinataire"),
        *("收件人", "宛先"),
    ),
    "subject": (
        *("subject", "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp", "ämne", "emne", "aihe", "temat"),
        *("předmět", "тема", "主题", "主旨", "件名"),
    ),
    "more": (
        *("cc", "bcc", "kopie", "copie à", "copia", "kopia", "kopi", "kopio", "dw", "копия", "抄送", "reply-to"),
        *("importance", "attachment", "attachments", "anlagen", "wichtigkeit"),
    ),
}
