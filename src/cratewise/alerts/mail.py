"""Send what was found by mail, through a server of the reader's choice."""

import smtplib
import ssl
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from cratewise.errors import AddressRefused, DeliveryFailed

SECONDS = 20.0


class MailServer(NamedTuple):
    """smtp: with STARTTLS where it is offered, smtps: TLS from the start."""

    scheme: str
    host: str
    port: int
    username: str | None
    password: str | None


def mail_server(url: str) -> MailServer:
    """smtp://USER:PASSWORD@HOST:PORT or smtps://...  Raises AddressRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("A mail server is smtp://USER:PASSWORD@HOST:PORT.") from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise AddressRefused("A mail server is smtp://USER:PASSWORD@HOST:PORT.")
    return MailServer(
        parts.scheme,
        parts.hostname,
        port or (465 if parts.scheme == "smtps" else 587),
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


def check_mailbox(address: str) -> str:
    """An address that a letter can be sent to.  Raises AddressRefused."""
    name, at, host = address.strip().rpartition("@")
    if not (name and at and host) or any(sign.isspace() or sign in "<>,;" for sign in address):
        raise AddressRefused(f"{address[:100]!r} is no mail address.")
    return address.strip()


def send(server: MailServer, sender: str, to: str, subject: str, text: str, *, key: str) -> None:
    """Send a letter.  `key` is the same at every try, in Message-ID.  Raises DeliveryFailed."""
    letter = EmailMessage()
    letter["From"], letter["To"] = sender, to
    letter["Subject"] = " ".join(subject.split())
    letter["Message-ID"] = f"<{key}@cratewise>"
    letter.set_content(text)
    try:
        if server.scheme == "smtps":
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        with connection:
            connection.ehlo()
            if server.scheme == "smtp" and connection.has_extn("starttls"):
                connection.starttls(context=ssl.create_default_context())
            if server.username:
                connection.login(server.username, server.password or "")
            connection.send_message(letter)
    except (OSError, smtplib.SMTPException) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise DeliveryFailed(f"{server.host} did not take the letter: {said}.") from error
