"""What the pages say, in Italian and English."""

from typing import Final

LANGUAGES: Final = ("it", "en")
_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "banner": (
        "Dimostrazione: questo accesso è solo per prove su questo computer. Non usare password vere.",
        "Demonstration: this login is for trying out on this computer only. Use no real password.",
    ),
    "login": ("Accedi", "Log in"),
    "login-again": ("Inserisci di nuovo la password", "Enter your password again"),
    "register": ("Registrati", "Register"),
    "verify": ("Conferma il tuo indirizzo", "Confirm your e-mail address"),
    "verify-text": ("Ti abbiamo scritto: apri il collegamento nel messaggio.", "We wrote to you: open the link."),
    "password": ("Scegli una password", "Choose a password"),
    "password-text": ("Almeno dodici caratteri.", "At least twelve characters."),
    "otp": ("Codice monouso", "One-time code"),
    "otp-text": ("Inserisci il codice della tua applicazione.", "Enter the code of your authenticator."),
    "ways": ("Scegli un altro modo", "Choose another way"),
    "recovery": ("Codice di recupero", "Recovery code"),
    "totp": ("Aggiungi un'applicazione di autenticazione", "Add an authenticator"),
    "totp-text": (
        "Inserisci questa chiave nell'applicazione, poi il codice che mostra.",
        "Type this key into your authenticator, then the code that it shows.",
    ),
    "codes": ("Codici di recupero", "Recovery codes"),
    "codes-text": (
        "Conserva questi codici: non saranno mostrati di nuovo.",
        "Keep these codes: they are not shown again.",
    ),
    "profile": ("I tuoi dati", "Your data"),
    "email": ("Nuovo indirizzo", "New e-mail address"),
    "email-sent": ("Conferma il nuovo indirizzo", "Confirm the new address"),
    "email-sent-text": ("Vale dopo che hai aperto il collegamento.", "It counts once you have opened the link."),
    "delete": ("Elimina il tuo utente", "Delete your account"),
    "delete-text": ("Non si può tornare indietro.", "This cannot be undone."),
    "deleted": ("Il tuo utente è stato eliminato", "Your account was deleted"),
    "reset": ("Password dimenticata", "Forgotten password"),
    "reset-sent": ("Controlla la posta", "Look into your mail"),
    "reset-sent-text": (
        "Se l'indirizzo è noto, abbiamo mandato un collegamento.",
        "If the address is known, we sent a link to it.",
    ),
    "device": ("Accesso di un dispositivo", "Login of a device"),
    "device-text": ("Il dispositivo mostra il tuo codice?", "Does your device show your code?"),
    "device-code": ("Inserisci il codice del dispositivo", "Enter the code of your device"),
    "device-done": ("Puoi tornare al dispositivo", "You may go back to your device"),
    "device-refused": ("Accesso rifiutato", "The login was refused"),
    "done": ("Fatto", "Done"),
    "done-text": ("Torna all'applicazione e accedi.", "Go back to the application and log in."),
    "link-refused": ("Questo collegamento non vale più", "This link is no longer valid"),
    "refused": ("Richiesta non valida", "The request is not valid"),
    "expired": ("La pagina è scaduta: torna all'applicazione", "This page has expired: go back to the application"),
    "outbox": ("Messaggi inviati", "Messages that were sent"),
    "username": ("Indirizzo e-mail", "E-mail address"),
    "user_code": ("Codice", "Code"),
    "firstName": ("Nome", "First name"),
    "lastName": ("Cognome", "Last name"),
    "password-field": ("Password", "Password"),
    "password-new": ("Nuova password", "New password"),
    "password-confirm": ("Ripeti la password", "Repeat the password"),
    "userLabel": ("Nome del dispositivo", "Name of the device"),
    "recoveryCodeInput": ("Codice di recupero", "Recovery code"),
    "submit": ("Continua", "Continue"),
    "cancel": ("Annulla", "Cancel"),
    "accept": ("Sì, accedi", "Yes, log in"),
    "another-way": ("Un altro modo", "Another way"),
    "credentials": ("Indirizzo o password non validi.", "Wrong address or password."),
    "code": ("Il codice non è valido.", "The code is not valid."),
    "address": ("Scrivi un indirizzo e-mail.", "Write an e-mail address."),
    "name": ("Scrivi nome e cognome.", "Write first and last name."),
    "taken": ("Un utente con questo indirizzo esiste già.", "A user with this address exists already."),
    "weak": ("La password è troppo semplice.", "The password is too simple."),
    "unequal": ("Le due password sono diverse.", "The two passwords differ."),
}


def text(key: str, language: str) -> str:
    """The text of that key; empty where a page has none."""
    found = _TEXTS.get(key)
    return "" if found is None else found[LANGUAGES.index(language)]


def language_of(chosen: str | None, accepted: str) -> str:
    """The language of a page: chosen by a link, else as the browser asks, else Italian."""
    if chosen in LANGUAGES:
        return chosen or "it"
    first = accepted.split(",", maxsplit=1)[0].strip().lower()[:2]
    return first if first in LANGUAGES else "it"
