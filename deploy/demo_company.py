"""Who issues the documents of a demonstration: nobody.

No SIREN begins with 000; the check digits are right, so that whatever looks at them works.
"""

DEMO_SIREN = "000000018"
DEMO_COMPANY = {
    "COMPANY_NAME": "OmeaSupport Démonstration",
    "COMPANY_LEGAL_FORM": "SAS fictive",
    "COMPANY_SHARE_CAPITAL": "10000",
    "COMPANY_STREET": "1 rue de l’Exemple",
    "COMPANY_POSTAL_CODE": "00000",
    "COMPANY_CITY": "Exempleville",
    "COMPANY_SIREN": DEMO_SIREN,
    "COMPANY_VAT_NUMBER": "FR66000000018",
    "COMPANY_TRADE_REGISTER": "RCS Exempleville",
    "COMPANY_MAIL": "facturation@omeasupport.example",
    # Of a block of numbers that are kept for fiction.
    "COMPANY_PHONE": "01 99 00 00 00",
    # The one that banks print in their examples.
    "COMPANY_IBAN": "FR7630006000011234567890189",
    "COMPANY_MEDIATOR": "Médiation Exemple, 2 rue de l’Exemple, 00000 Exempleville, mediation.example",
}
