"""The words by which mail programs mark what is not their user's own: tables, and nothing else.

Its one rule: a new language or program is a new entry here, never a new branch elsewhere.
"""
# ruff: noqa: RUF001 - letters of many alphabets are the very content of these tables

import re
from collections.abc import Iterable


def any_of(words: Iterable[str]) -> str:
    """The pattern that matches one of some words."""
    return "(?:" + "|".join(map(re.escape, words)) + ")"


# Ends a line that says who wrote what follows: `On Tue, Ann Lee wrote:`
WROTE = (
    *("wrote", "writes", "schrieb", "schreibt", "a écrit", "escribió", "ha scritto", "escreveu", "schreef"),
    *("geschreven", "skrev", "kirjoitti", "napsal", "napsala", "napsal(a)", "napisał", "napisała", "napisał(a)"),
    *("a scris", "yazdı", "írta", "писал", "писала", "написал", "написала", "написал(а)", "пишет"),
    *("pisze", "pisał", "pisała"),
)
# The same where no colon need follow.
WROTE_ASIA = ("写道", "寫道", "のメール", "さんは書きました", "님이 작성")
# Stands before the name or the date: `Am Di., 24. Nov. 2026 um 09:15 Uhr schrieb Ann Lee <ann@x.example>:`
WROTE_BEFORE_NAME = ("wrote on", "schrieb", "schreef", "skrev", "escreveu", "geschreven")
# Begins such a line, which may then be wrapped.
ATTRIBUTION_STARTS = (
    *("on", "am", "le", "el", "il", "em", "op", "den", "dne", "dnia", "pe"),
    *("på", "quoting", "zitat von", "w dniu"),
)

# Stands between dashes or underscores above an older mail.
OLDER_MAIL = (
    *("original message", "original appointment", "original e-mail", "original email", "forwarded message"),
    *("ursprüngliche nachricht", "originalnachricht", "original-nachricht", "weitergeleitete nachricht"),
    *("ursprüngliche mail", "ursprüngliche e-mail", "mail original", "correo original", "email original"),
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
# Stands, with signs around it, above what a ticket system sent.
REPLY_ABOVE = (
    *("please type your reply above this line", "reply above this line", "write your reply above this line"),
    *("please reply above this line", "bitte antworten sie oberhalb dieser linie", "antwort oberhalb dieser linie"),
    *("veuillez répondre au-dessus de cette ligne", "répondre au-dessus de cette ligne", "responda por encima de"),
    *("por favor, escriba su respuesta por encima de", "responda acima desta linha", "rispondi sopra questa riga"),
)
# Begins the line that a telephone adds.
SENT_FROM = (
    *("sent from my ", "sent from yahoo", "sent from outlook", "sent from mail", "sent from samsung", "sent via "),
    *("get outlook for ", "von meinem iphone", "von meinem ipad", "von meinem smartphone", "gesendet von "),
    *("envoyé de mon ", "envoyé depuis mon ", "enviado desde mi ", "inviato da iphone", "inviato dal mio "),
    *("enviado do meu ", "verstuurd vanaf ", "skickat från min ", "sendt fra min "),
    *("outlook für ", "holen sie sich outlook ", "télécharger outlook ", "obtenir outlook ", "obtener outlook "),
    *("obter outlook ", "obter o outlook ", "scarica outlook ", "ottieni outlook ", "outlook voor "),
    *("pobierz outlook ", "pobierz aplikację outlook ", "von meinem galaxy", "von meinem samsung"),
    *("von meinem android",),
    *("verzonden vanaf ", "inviato dal cellulare", "enviado desde ", "wysłane z ", "wysłano z "),
    *("sent with proton", "sent with [proton", "sent with <http", "sent with spark", "gesendet mit ", "envoyé avec "),
    *("enviado con ", "enviado com ", "inviato con ", "verzonden met ", "diese nachricht wurde von meinem "),
    *("envoyé à partir de ", "enviado a partir de ", "enviado desde outlook", "inviato da outlook"),
    *("verzonden vanuit ",),
)
# Begins and ends such a line: `Von meinem/meiner Galaxy gesendet`
SENT_FROM_AROUND = (
    *(("von meine", "gesendet"), ("get ", "for android"), ("get ", "for ios"), ("get ", "for iphone")),
    *(("sent with ", "for android"), ("sent with ", "for ios"), ("sent with ", "for iphone")),
)

# What the gate of a company puts above a mail from outside: a word alone, a warning that speaks of what is outside,
# a sentence that nothing need lead up to, and what goes on after one of them.
OUTSIDE_ALONE = (
    *("external", "external sender", "external email", "external e-mail", "external mail", "external message"),
    *("ext", "extern", "externe e-mail", "externe mail", "externe nachricht", "externer absender"),
    *("externe", "courriel externe", "message externe", "expéditeur externe", "externo", "correo externo"),
    *("mensaje externo", "remitente externo", "e-mail externo", "remetente externo", "mensagem externa"),
    *("esterno", "mittente esterno", "messaggio esterno", "externe afzender", "nadawca zewnętrzny"),
    *("wiadomość zewnętrzna", "this message is from an external sender", "zjqcmqryfpfptbannerstart"),
)
WARNING = (
    *("caution", "warning", "attention", "notice", "external", "be careful", "alert", "security"),
    *("this is an external", "this sender", "the sender of this"),
    *("achtung", "vorsicht", "warnung", "hinweis", "extern", "prudence", "avertissement", "precaución", "atención"),
    *("advertencia", "aviso", "cuidado", "atenção", "attenzione", "avviso", "let op", "waarschuwing", "uwaga"),
)
OUTSIDE = (
    *("outside", "external", "extern", "extérieur", "fuera de", "fora da", "fora do", "all'esterno", "esterno"),
    *("esterna", "buiten", "zewnętrz", "spoza"),
)
FROM_OUTSIDE = (
    *("this email originated ", "this e-mail originated ", "this message originated ", "this email is from an ext"),
    *("this message is from outside", "this message came from outside", "this email came from outside"),
    *("this email was sent from outside", "this message was sent from outside", "this is an external "),
    *("you don't often get email from ", "you don’t often get email from ", "some people who received this message "),
    *("sie erhalten nicht häufig e-mails von ", "sie erhalten nicht oft e-mails von ", "vous n'obtenez pas souvent "),
    *("vous ne recevez pas souvent ", "no suele recibir correo", "você não costuma receber ", "non si ricevono "),
    *("u ontvangt niet vaak e-mail van ", "nie często otrzymujesz wiadomości ", "diese e-mail stammt von einem extern"),
)
CAREFUL = (
    *("do not click", "don't click", "please do not click", "please be careful", "be careful", "exercise caution"),
    *("please exercise caution", "use caution", "please use caution", "think before you click", "never click"),
    *("do not open", "please do not open", "learn why this is important", "report suspicious", "unless you "),
    *("klicken sie nicht", "bitte klicken sie", "bitte öffnen sie", "öffnen sie ", "ne cliquez ", "n'ouvrez "),
    *("no haga clic", "no abra ", "não clique ", "não abra ", "non cliccare ", "non aprire ", "non fare clic "),
    *("klik niet", "open geen", "nie klikaj", "nie otwieraj", "zjqcmqryfpfptbannerend"),
)

# The labels of the header block above an older mail, by what they mean.
LABELS = {
    "from": (
        *("from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "от", "kimden", "feladó"),
        *("expéditeur", "remitente", "mittente", "nadawca", "发件人", "寄件者", "差出人"),
    ),
    "date": (
        *("sent", "date", "date sent", "sent on", "gesendet", "datum", "envoyé", "enviado", "enviado el", "enviada em"),
        *("fecha", "data", "inviato", "verzonden", "skickat", "sendt", "dato", "lähetetty", "päiväys", "wysłano"),
        *("wysłane", "enviada", "enviados"),
        *("odesláno", "отправлено", "дата", "发送时间", "日期", "送信日時", "日時"),
    ),
    "to": (
        *("to", "an", "à", "a", "para", "aan", "till", "til", "vastaanottaja", "do", "komu", "кому", "destinataire"),
        *("pour", "adresat", "收件人", "宛先"),
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
