"""What mail programs write above a quoted mail, by language. Its one rule: the words are those of the programs
themselves; the quoted mail is always from the same sender, of Tuesday, 24 November 2026, 9:15."""
# ruff: noqa: RUF001 - quotation marks and dashes as the programs write them

from dataclasses import dataclass

WHO, ADDRESS = "Meridell CMP", "cmpcr@meridell.example"


@dataclass(frozen=True, slots=True)
class Language:
    """The lines of attribution (Gmail, Apple Mail, Thunderbird, Yahoo, Roundcube, Notes), the labels and the date of
    the header block, what stands between dashes, and what telephones add."""

    gmail: str
    apple: str
    thunderbird: str
    yahoo: str
    roundcube: str
    notes: str
    labels: tuple[str, str, str, str]
    date: str
    original: str
    iphone: str
    galaxy: str
    outlook_app: str
    colon: str = ":"
    date_label: str = "Date"


LANGUAGES = {
    "english": Language(
        gmail=f"On Tue, Nov 24, 2026 at 9:15\u202fAM {WHO} <{ADDRESS}> wrote:",
        apple=f"On Nov 24, 2026, at 9:15\u202fAM, {WHO} <{ADDRESS}> wrote:",
        thunderbird=f"On 11/24/26 09:15, {WHO} wrote:",
        yahoo=f"On Tuesday, November 24, 2026 at 09:15:01 AM MST, {WHO} <{ADDRESS}> wrote:",
        roundcube=f"On 2026-11-24 09:15, {WHO} wrote:",
        notes=f"{WHO} <{ADDRESS}> wrote on 11/24/2026 09:15:25 AM:",
        labels=("From", "Sent", "To", "Subject"),
        date="Tuesday, November 24, 2026 9:15 AM",
        original="Original Message",
        iphone="Sent from my iPhone",
        galaxy="Sent from my Galaxy",
        outlook_app="Get Outlook for iOS",
    ),
    "german": Language(
        gmail=f"Am Di., 24. Nov. 2026 um 09:15 Uhr schrieb {WHO} <{ADDRESS}>:",
        apple=f"Am 24.11.2026 um 09:15 schrieb {WHO} <{ADDRESS}>:",
        thunderbird=f"Am 24.11.26 um 09:15 schrieb {WHO}:",
        yahoo=f"Am Dienstag, 24. November 2026 um 09:15:01 MEZ hat {WHO} <{ADDRESS}> Folgendes geschrieben:",
        roundcube=f"Am 2026-11-24 09:15, schrieb {WHO}:",
        notes=f'"{WHO}" <{ADDRESS}> schrieb am 24.11.2026 09:15:25:',
        labels=("Von", "Gesendet", "An", "Betreff"),
        date="Dienstag, 24. November 2026 09:15",
        original="Ursprüngliche Nachricht",
        iphone="Von meinem iPhone gesendet",
        galaxy="Von meinem Galaxy gesendet",
        outlook_app="Outlook für iOS beziehen",
        date_label="Datum",
    ),
    "french": Language(
        gmail=f"Le mar. 24 nov. 2026 à 09:15, {WHO} <{ADDRESS}> a\xa0écrit\xa0:",
        apple=f"Le 24 nov. 2026 à 09:15, {WHO} <{ADDRESS}> a écrit :",
        thunderbird=f"Le 24/11/2026 à 09:15, {WHO} a écrit :",
        yahoo=f"Le mardi 24 novembre 2026 à 09:15:01 UTC−7, {WHO} <{ADDRESS}> a écrit :",
        roundcube=f"Le 2026-11-24 09:15, {WHO} a écrit :",
        notes=f"{WHO} <{ADDRESS}> a écrit sur 24/11/2026 09:15:25 :",
        labels=("De", "Envoyé", "À", "Objet"),
        date="mardi 24 novembre 2026 09:15",
        original="Message d'origine",
        iphone="Envoyé de mon iPhone",
        galaxy="Envoyé depuis mon appareil Galaxy",
        outlook_app="Télécharger Outlook pour iOS",
        colon=" :",
    ),
    "spanish": Language(
        gmail=f"El mar, 24 nov 2026 a las 9:15, {WHO} (<{ADDRESS}>) escribió:",
        apple=f"El 24 nov 2026, a las 9:15, {WHO} <{ADDRESS}> escribió:",
        thunderbird=f"El 24/11/26 a las 9:15, {WHO} escribió:",
        yahoo=f"El martes, 24 de noviembre de 2026, 09:15:01 MST, {WHO} <{ADDRESS}> escribió:",
        roundcube=f"El 2026-11-24 09:15, {WHO} escribió:",
        notes=f"{WHO} <{ADDRESS}> escribió el 24/11/2026 09:15:25:",
        labels=("De", "Enviado el", "Para", "Asunto"),
        date="martes, 24 de noviembre de 2026 9:15",
        original="Mensaje original",
        iphone="Enviado desde mi iPhone",
        galaxy="Enviado desde mi Galaxy",
        outlook_app="Obtener Outlook para iOS",
        date_label="Fecha",
    ),
    "portuguese": Language(
        gmail=f"Em ter., 24 de nov. de 2026 às 09:15, {WHO} <{ADDRESS}> escreveu:",
        apple=f"Em 24 de nov. de 2026, à(s) 09:15, {WHO} <{ADDRESS}> escreveu:",
        thunderbird=f"Em 24/11/2026 09:15, {WHO} escreveu:",
        yahoo=f"Em terça-feira, 24 de novembro de 2026 às 09:15:01 BRT, {WHO} <{ADDRESS}> escreveu:",
        roundcube=f"Em 2026-11-24 09:15, {WHO} escreveu:",
        notes=f"{WHO} <{ADDRESS}> escreveu em 24/11/2026 09:15:25:",
        labels=("De", "Enviada em", "Para", "Assunto"),
        date="terça-feira, 24 de novembro de 2026 09:15",
        original="Mensagem original",
        iphone="Enviado do meu iPhone",
        galaxy="Enviado do meu Galaxy",
        outlook_app="Obter o Outlook para iOS",
        date_label="Data",
    ),
    "italian": Language(
        gmail=f"Il giorno mar 24 nov 2026 alle ore 09:15 {WHO} <{ADDRESS}> ha scritto:",
        apple=f"Il giorno 24 nov 2026, alle ore 09:15, {WHO} <{ADDRESS}> ha scritto:",
        thunderbird=f"Il 24/11/2026 09:15, {WHO} ha scritto:",
        yahoo=f"Il martedì 24 novembre 2026 alle ore 09:15:01 MST, {WHO} <{ADDRESS}> ha scritto:",
        roundcube=f"Il 2026-11-24 09:15 {WHO} ha scritto:",
        notes=f"{WHO} <{ADDRESS}> ha scritto il 24/11/2026 09:15:25:",
        labels=("Da", "Inviato", "A", "Oggetto"),
        date="martedì 24 novembre 2026 09:15",
        original="Messaggio originale",
        iphone="Inviato da iPhone",
        galaxy="Inviato dal mio Galaxy",
        outlook_app="Ottieni Outlook per iOS",
        date_label="Data",
    ),
    "dutch": Language(
        gmail=f"Op di 24 nov 2026 om 09:15 schreef {WHO} <{ADDRESS}>:",
        apple=f"Op 24 nov. 2026, om 09:15 heeft {WHO} <{ADDRESS}> het volgende geschreven:",
        thunderbird=f"Op 24-11-2026 om 09:15 schreef {WHO}:",
        yahoo=f"Op dinsdag 24 november 2026 om 09:15:01 MST schreef {WHO} <{ADDRESS}>:",
        roundcube=f"{WHO} schreef op 2026-11-24 09:15:",
        notes=f"{WHO} <{ADDRESS}> schreef op 24-11-2026 09:15:25:",
        labels=("Van", "Verzonden", "Aan", "Onderwerp"),
        date="dinsdag 24 november 2026 09:15",
        original="Oorspronkelijk bericht",
        iphone="Verstuurd vanaf mijn iPhone",
        galaxy="Verzonden vanaf mijn Galaxy",
        outlook_app="Outlook voor iOS downloaden",
        date_label="Datum",
    ),
    "polish": Language(
        gmail=f"wt., 24 lis 2026 o 09:15 {WHO} <{ADDRESS}> napisał(a):",
        apple=f"Wiadomość napisana przez {WHO} <{ADDRESS}> w dniu 24 lis 2026, o godz. 09:15:",
        thunderbird=f"W dniu 24.11.2026 o 09:15, {WHO} pisze:",
        yahoo=f"W dniu wtorek, 24 listopada 2026 09:15:01 MST {WHO} <{ADDRESS}> napisał(a):",
        roundcube=f"W dniu 2026-11-24 09:15, {WHO} napisał(a):",
        notes=f"{WHO} <{ADDRESS}> napisał(a) 24-11-2026 09:15:25:",
        labels=("Od", "Wysłane", "Do", "Temat"),
        date="wtorek, 24 listopada 2026 09:15",
        original="Oryginalna wiadomość",
        iphone="Wysłane z iPhone'a",
        galaxy="Wysłane z mojego Galaxy",
        outlook_app="Pobierz aplikację Outlook dla systemu iOS",
        date_label="Data",
    ),
}
