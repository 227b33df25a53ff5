"""Mails that mail servers send back, as the great ones write them."""

POSTFIX = """\
Return-Path: <>
Date: Tue, 24 Nov 2026 09:00:03 +0100 (CET)
From: MAILER-DAEMON@relay.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bonjour@omeasupport.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="AB12"
Message-Id: <20261124080003.7E1A@relay.example>

This is a MIME-encapsulated message.

--AB12
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--AB12
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
X-Postfix-Sender: rfc822; bonjour@omeasupport.example
Arrival-Date: Tue, 24 Nov 2026 09:00:01 +0100 (CET)

Final-Recipient: rfc822; claire@example.fr
Original-Recipient: rfc822;claire@example.fr
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.fr
Diagnostic-Code: {diagnostic}

--AB12
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: OmeaSupport <bonjour@omeasupport.example>
To: claire@example.fr
Subject: Votre rendez-vous
Message-ID: {name}
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"

Bonjour,
.
--AB12--
"""
# With the head of our mail alone, and a name that takes a line of its own.
HEAD_ONLY = """\
From: postmaster@corp.example
To: bonjour@omeasupport.example
Subject: =?utf-8?Q?Non_remis=C2=A0?=
MIME-Version: 1.0
Content-Type: Multipart/Report; report-type=delivery-status; boundary=xyz
Message-ID: <report@corp.example>

--xyz
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

PHA+PC9wPg==
--xyz
Content-Type: message/delivery-status

Reporting-MTA: dns;corp.example

Final-recipient: RFC822;claire@example.fr
Action: Failed
Status: 5.1.10

--xyz
Content-Type: text/rfc822-headers

From: OmeaSupport <bonjour@omeasupport.example>
Message-ID:
 {name}

--xyz--
"""


def a_bounce(
    name: str,
    *,
    template: str = POSTFIX,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "smtp; 552 5.2.2 <claire@example.fr>: mailbox full",
) -> bytes:
    """That the mail whose Message-ID is `name` came back."""
    text = template.format(name=name, action=action, status=status, diagnostic=diagnostic)
    return text.replace("\n", "\r\n").encode()
