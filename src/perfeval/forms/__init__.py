"""The official form and the model: Excel and Word files read and written.

`read` finds the forms in a workbook or a document by their headings, whatever
the local layout, and says of every value where it stands, of every other cell
that it could not be placed, and of itself what it assumed. The model is as the
form prints it: nothing is computed and nothing is judged.
"""

from __future__ import annotations

from perfeval.forms.reading import read, read_many
from perfeval.forms.records import Form, FormFile, FormKind, Listed, Note, Placed, Skipped
from perfeval.forms.template import write_template
from perfeval.forms.writing import write

__all__ = [
    "Form",
    "FormFile",
    "FormKind",
    "Listed",
    "Note",
    "Placed",
    "Skipped",
    "read",
    "read_many",
    "write",
    "write_template",
]
