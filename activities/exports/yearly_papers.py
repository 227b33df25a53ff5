"""The files of a year's declaration: the tax office's, and what each seller is told. Pure, so that `deploy`
hands their maker to the API and to the command line."""

from dataclasses import dataclass

from activities.documents.yearly_statement import yearly_statement_pdf
from activities.exports.dac7_file import dac7_xml, file_name
from domain.dac7 import SellerYear
from domain.declared_years import DeclaredYear, NamedFile
from domain.documents import Company

# Not a name that the tax office asks for: what is not final is not sent by mistake.
PROVISIONAL = "PROVISOIRE_"


@dataclass(frozen=True)
class YearlyPapers:
    """`company` is the platform that declares. Made twice in one day from the same facts, the same bytes."""

    company: Company

    def declaration(self, declared: DeclaredYear, sequence: int) -> NamedFile:
        """Of all who are declared; `sequence` counts the files sent for the year, 1 to 999. Raises
        `Refused(DECLARATION_INCOMPLETE)`."""
        message = declared.declaration(self.company, sequence)
        name = file_name(message, sequence)
        return NamedFile(f"{PROVISIONAL if declared.is_provisional else ''}{name}", dac7_xml(message))

    def statement(self, declared: DeclaredYear, one: SellerYear) -> NamedFile:
        """Takes some 10 ms. Raises `typst.TypstError`."""
        pdf = yearly_statement_pdf(self.company, one, declared.year, declared.made_at)
        return NamedFile(f"recapitulatif-{declared.year}.pdf", pdf)
