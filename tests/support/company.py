"""Who issues the documents of the tests."""

from domain.documents import Company

A_COMPANY = Company(
    name="OmeaSupport",
    legal_form="SAS",
    capital="10 000",
    street="1 rue de l’Exemple",
    postal_code="44000",
    city="Nantes",
    siren="123456782",
    vat_number="FR11123456782",
    trade_register="RCS Nantes",
    mail="facturation@omeasupport.example",
    phone="01 99 00 00 00",
    mediator="Médiation Exemple, 2 rue de l’Exemple, 44000 Nantes, mediation.example",
)
