"""The official form and the model: Excel and Word files read and written.

`read` finds the forms in a workbook or a document by their headings, whatever
the local layout, and says of every value where it stands, of every other cell
that it could not be placed, and of itself what it assumed. The model is as the
form prints it: nothing is computed and nothing is judged.
"""

from __future__ import annotations

from perfeval.forms.checking import (
    CheckedForm,
    check_folder,
    findings_with_cells,
    overview,
    overview_csv,
    overview_xlsx,
    rules_of_form,
)
from perfeval.forms.midyear import read_monitoring, write_monitoring
from perfeval.forms.reading import form_files, is_form_file, read, read_many
from perfeval.forms.records import Form, FormFile, FormKind, Listed, Note, Placed, Skipped
from perfeval.forms.template import write_template
from perfeval.forms.writing import write

__all__ = [
    "CheckedForm",
    "Form",
    "FormFile",
    "FormKind",
    "Listed",
    "Note",
    "Placed",
    "Skipped",
    "check_folder",
    "findings_with_cells",
    "form_files",
    "is_form_file",
    "overview",
    "overview_csv",
    "overview_xlsx",
    "read",
    "read_many",
    "read_monitoring",
    "rules_of_form",
    "write",
    "write_monitoring",
    "write_template",
]
