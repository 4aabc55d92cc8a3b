from __future__ import annotations

import ast
import pickle
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import attrs
import pytest

import perfeval as pe
from perfeval import i18n


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return done.stdout.decode().split()


class TestImport:
    def test_which_modules_importing_loads(self):
        """attrs, the standard library, and the modules up to evaluation; texts are read when the first one comes."""
        code = "import sys, perfeval as pe; pe.Project, pe.evaluate, pe.rule_set; print(*sys.modules)"
        ours = {name for name in python(code) if name.startswith("perfeval")}
        modules = [
            "places",
            "amounts",
            "errors",
            "i18n",
            "members",
            "ratios",
            "reasons",
            "rounding",
            "targets",
            "units",
        ]
        modules += ["cited", "cited.files", "cited.sources", "cited.tables"]
        modules += ["model", "model.adjustments", "model.projects", "model.values"]
        modules += ["scoring", "scoring.grades", "scoring.pieces", "scoring.rules", "scoring.scores"]
        modules += ["rulesets", "rulesets.comparators", "rulesets.lookup", "rulesets.reading"]
        modules += ["rulesets.records", "rulesets.ruleset", "rulesets.year"]
        modules += ["evaluation", "evaluation.formulas", "evaluation.lines", "evaluation.projects", "evaluation.scored"]
        assert ours == {"perfeval", *(f"perfeval.{module}" for module in modules)}

    def test_nothing_heavy_is_loaded(self):
        code = "import sys, perfeval as pe; pe.rule_set('CN', fiscal_year=2022); print(*sys.modules)"
        loaded = {name.partition(".")[0] for name in python(code)}
        assert not loaded & {"babel", "cattrs", "click", "rich", "tomli_w", "narwhals", "pandas", "polars", "numpy"}

    def test_lazy_names(self):
        assert pe.loads is __import__("perfeval.documents", fromlist=["loads"]).loads
        with pytest.raises(AttributeError) as caught:
            getattr(pe, "nothing")  # noqa: B009  # a name that is not there
        assert str(caught.value) == "module 'perfeval' has no attribute 'nothing'"

    def test_the_year_around_the_score_is_loaded_when_a_record_of_it_is_made(self):
        code = (
            "import sys, perfeval as pe; pe.Project('a', fiscal_year=2022); print('perfeval.model.year' in sys.modules);"
            "pe.Project('a', fiscal_year=2022, review=pe.Review()); print('perfeval.model.year' in sys.modules)"
        )
        assert python(code) == ["False", "True"]

    def test_annotations_name_records_that_are_loaded_when_asked(self):
        code = (
            "import typing, perfeval as pe; print(typing.get_type_hints(pe.Project)['review']);"
            "print(typing.get_type_hints(pe.Indicator)['history'])"
        )
        review, history = "perfeval.model.year.Review | None", "tuple[perfeval.model.year.PastFigure, ...]"
        assert " ".join(python(code)) == f"{review} {history}"

    def test_names_that_are_promised_are_there(self):
        for name in pe.__all__:
            assert getattr(pe, name) is not None
        assert {"load", "dumps", "evaluate", "Project"} <= set(pe.__all__)

    def test_few_annotations_are_compiled_at_import(self):
        """A NamedTuple compiles each annotation that is text: modules with many do not defer theirs."""
        code = (
            "import typing; made = []; init = typing.ForwardRef.__init__\n"
            "typing.ForwardRef.__init__ = lambda *a, **k: made.append(init(*a, **k))\n"
            "import perfeval; print(len(made))"
        )
        assert int(python(code)[0]) <= 25

    def test_few_records_are_made_at_import(self):
        """About 0.6 ms each: at most 30."""
        code = (
            "import sys, attrs, perfeval\n"
            "rooms = [m for n, m in sys.modules.items() if n.startswith('perfeval.')]\n"
            "kinds = {k for m in rooms for k in vars(m).values() if isinstance(k, type) and k.__module__ == m.__name__}\n"
            "print(sum(map(attrs.has, kinds)))"
        )
        assert 10 < int(python(code)[0]) <= 30


class TestCatalogs:
    def test_both_are_complete(self):
        chinese, english = i18n.catalog("zh_CN"), i18n.catalog("en")
        assert list(chinese) == list(english)
        for key, text in chinese.items():
            assert text, key
            assert english[key], key
            assert placeholders(text) == placeholders(english[key]), key

    def test_numbered_places_stand_in_order(self):
        """They are filled in one after the other."""
        for locale in i18n.LOCALES:
            for key, text in i18n.catalog(locale).items():
                places = re.findall(r"\{(\d)\}", text)
                assert places == [str(number) for number in range(len(places))], key

    def test_every_member_has_its_words(self):
        keys = set(i18n.catalog("en"))
        for prefix, kind in (
            ("kind", pe.IndicatorKind),
            ("source", pe.FundingSource),
            ("reason", pe.Reason),
            ("refusal", pe.Refusal),
            ("tier", pe.Tier),
            ("tier_short", pe.Tier),
            ("grade", pe.Grade),
            ("form.rate_of", pe.BudgetBasis),
            ("severity", pe.Severity),
            ("breakdown", pe.Breakdown),
        ):
            assert {f"{prefix}.{member.value}" for member in kind} <= keys

    def test_no_message_is_left_over_and_none_is_missing(self):
        """Each key stands in the sources, or is made there of a beginning and what can follow it."""
        asked, made, literals = keys_in_sources()
        keys = set(i18n.catalog("en"))
        assert asked <= keys
        used = keys & literals
        for prefix, tails in made.items():
            used |= {f"{prefix}{tail}" for tail in tails}
        assert keys - used == set()

    @pytest.mark.parametrize(
        "key",
        [
            "absent2",
            "kind.heard_of",
            "reason.excellent",
            "check.ZZ101",
            "check.AR101.more",
            "form.banner",
            "page.made_up",
        ],
    )
    def test_a_key_that_is_made_up_is_left_over(self, key):
        _, made, literals = keys_in_sources()
        assert key not in literals
        assert not any(key == f"{prefix}{tail}" for prefix, tails in made.items() for tail in tails)

    def test_numbers_of_another_locale(self):
        with pytest.raises(LookupError):
            i18n.message("absent", "de")


def ends_of_keys():
    """What follows the beginning of a key that names the members of an enumeration or the rows of a table."""
    from perfeval.checks import Check, catalogue
    from perfeval.frames.status import Status
    from perfeval.model import DeviationCause, EvaluationKind, Light, Likelihood
    from perfeval.reasons import Refusal
    from perfeval.rounding import RoundingMode
    from perfeval.rulesets import FORMS, NoBudget, lists_for_rules
    from perfeval.scoring import Measure

    units = [unit.name.lower() for unit in pe.AmountUnit]
    rules: tuple[Check, ...] = catalogue()
    return {
        "amount.": units,
        "unit.": units,
        "target_basis.": pe.TargetBasis,
        "breakdown.": pe.Breakdown,
        "cause.": DeviationCause,
        "check.": [
            *("place", "code", "severity", "finding", "source"),
            *(end for rule in rules for end in (rule.code, f"{rule.code}.about")),
        ],
        "evaluation.": EvaluationKind,
        "family.": [rule.family for rule in rules],
        "form.rate_of.": pe.BudgetBasis,
        "frames.status.": [status.name.lower() for status in Status],
        "grade.": pe.Grade,
        "kind.": pe.IndicatorKind,
        "light.": Light,
        "likelihood.": Likelihood,
        "level2.": [kind for kind in pe.IndicatorKind if kind is not kind.level1],
        "measure.": Measure,
        "page.bounded.": (True, False),
        "page.execution.": ("score", "finished", "unfinished"),
        "page.form.": FORMS,
        "page.inverse.": pe.Inverse,
        "page.monotone.": (True, False),
        "page.no_budget.": NoBudget,
        "page.except.": lists_for_rules("names"),
        "page.names.": lists_for_rules("names"),
        "page.units.": lists_for_rules("units"),
        "page.rounding.": RoundingMode,
        "page.status.": ("verified", "unverified", "practice"),
        "reason.": pe.Reason,
        "refusal.": Refusal,
        "severity.": pe.Severity,
        "source.": pe.FundingSource,
        "stated.": [field.name for field in attrs.fields(pe.StatedDepartment)],
        "tier.": pe.Tier,
    }


@cache
def keys_in_sources():
    """The keys asked for by name; by beginning, what is put behind it; and every text of the sources."""
    made = {prefix: {str(end) for end in ends} for prefix, ends in ends_of_keys().items()}
    exact, keys = frozenset(made), tuple(i18n.catalog("en"))
    asked, literals = set(), set()
    for package, trees in sources().items():
        nodes = [node for tree in trees for node in ast.walk(tree)]
        own = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        literals |= own
        # What a package puts behind a beginning is a word or a field of its own.
        own |= {
            node.target.id for node in nodes if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for node in nodes:
            asked |= {part.value for part in asked_by(node) if isinstance(part, ast.Constant)}
            if (
                isinstance(node, ast.JoinedStr)
                and len(node.values) in {2, 3}
                and isinstance(node.values[0], ast.Constant)
            ):
                beginning = node.values[0].value
                if beginning not in exact and any(key.startswith(beginning) for key in keys):
                    ends = {word.removeprefix(beginning) for word in filled(node, own)}
                    made.setdefault(beginning, set()).update(ends)
        if package == "reports":
            # Its sentences are asked for by what stands behind "report.", which is made, too, and each may have a form
            # for one of what it counts.
            composed = {word for node in nodes if isinstance(node, ast.JoinedStr) for word in filled(node, own)}
            made["report."] |= {f"{word}{one}" for word in own | composed for one in ("", ".one")}
            made["report.column."] |= composed
    return {key for key in asked if "." in key}, made, literals


def filled(text, own):
    """A text with one or two gaps, each filled with every short word of the package."""
    parts = [part.value if isinstance(part, ast.Constant) else None for part in text.values]
    words = sorted(word for word in own if re.fullmatch(r"[\w.]{1,40}", word)) if parts.count(None) == 1 else []
    found = {"".join(word if part is None else part for part in parts) for word in words}
    if parts.count(None) == 2 and len(parts) == 3 and parts[1] == "_":
        short = sorted(word for word in own if re.fullmatch(r"[a-z]{1,10}", word))
        found |= {f"{one}_{other}" for one in short for other in short}
    return found


def sources():
    """The modules of each package, parsed."""
    found: dict[str, list[ast.Module]] = {}
    root = Path("src/perfeval")
    for path in sorted(root.rglob("*.py")):
        found.setdefault(path.relative_to(root).parts[0], []).append(ast.parse(path.read_text(encoding="utf-8")))
    return found


def asked_by(node):
    """The parts of a source that name a message: ``words[…]``, ``message(…)``, ``Term(…)``."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "words":
        return (node.slice.body, node.slice.orelse) if isinstance(node.slice, ast.IfExp) else (node.slice,)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"message", "Term"}:
        return node.args[:1]
    return ()


def placeholders(text):
    return set(re.findall(r"\{(\w+)\}|%\((\w+)\)s", text))


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "builtin"),
        [
            (pe.AmountError, ValueError),
            (pe.TextError, ValueError),
            (pe.ModelError, ValueError),
            (pe.ScoringRuleError, ValueError),
            (pe.RuleSetNotFoundError, LookupError),
            (pe.LocaleNotFoundError, LookupError),
            (pe.MissingExtraError, ImportError),
            (pe.DocumentError, ExceptionGroup),
            (pe.RuleSetError, ExceptionGroup),
        ],
    )
    def test_each_is_also_the_builtin_a_caller_catches(self, error, builtin):
        assert issubclass(error, pe.PerfevalError)
        assert issubclass(error, builtin)

    def test_they_pickle(self):
        for error in (pe.AmountError("a"), pe.Fault("b", "c"), pe.RuleSetError("d", [pe.Fault("e", "f")])):
            assert str(pickle.loads(pickle.dumps(error))) == str(error)


class TestModel:
    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: pe.Project("", fiscal_year=2022), "expected a name, got ''"),
            (lambda: pe.Project("甲", fiscal_year="2022"), "expected a fiscal year, got '2022'"),
            (lambda: pe.Project("甲", fiscal_year=2022, indicators=[5]), "indicators[0]: expected Indicator, got int"),
            (lambda: pe.FundingLine("luck"), f"expected a funding source ({', '.join(pe.FundingSource)}), got 'luck'"),
            (lambda: pe.FundingLine(adjusted_budget="40"), "'40' has no unit; write wan('40') or '40元'"),
            (
                lambda: pe.FundingLine(adjusted_budget=0.5),
                "expected an exact number, got the float 0.5; a float is not exact, write Decimal('0.5')",
            ),
            (
                lambda: pe.Indicator("甲", weight=0.5),
                "expected an exact number, got the float 0.5; a float is not exact, write Decimal('0.5')",
            ),
            (
                lambda: pe.Indicator("甲", actual=0.5),
                "expected an exact number, got the float 0.5; a float is not exact, write Decimal('0.5')",
            ),
            (lambda: pe.Indicator("甲", deviation_reason=5), "expected text, got 5"),
            (lambda: pe.Indicator("甲", stated={"score": 5}), "expected StatedIndicator, got dict"),
            (lambda: pe.Project("甲", fiscal_year=2022, stated=5), "expected Stated, got int"),
            (lambda: pe.Stated(funding_total=5), "expected FundingTotal, got int"),
            (lambda: pe.Project("甲", fiscal_year=2022, finished="yes"), "expected true or false, got 'yes'"),
            (lambda: pe.Project("甲", fiscal_year=2022, excerpt=None), "expected true or false, got None"),
            (lambda: pe.Department("甲", fiscal_year=2022, stated=5), "expected StatedDepartment, got int"),
            (lambda: pe.Department("甲", fiscal_year=2022, organisation=5), "expected text, got 5"),
            (lambda: pe.Claim("甲", "乙", judgement=5), "expected Judgement, got int"),
            (lambda: pe.RectificationItem("甲", due="soon"), "expected a date, got 'soon'"),
        ],
    )
    def test_refuses_what_is_no_number_or_name(self, make, message):
        with pytest.raises(pe.PerfevalError) as caught:
            make()
        assert str(caught.value) == message

    def test_what_people_type_becomes_values_at_once(self):
        indicator = pe.Indicator(
            "甲", kind="output.quantity", target=50, actual="48公里", weight="12.5", deviation_reason=" "
        )
        assert indicator.target == pe.Threshold("unstated", 50)
        assert indicator.actual == pe.Quantity(48, "公里")
        assert indicator.kind.level1 is pe.IndicatorKind.OUTPUT
        assert indicator.deviation_reason is None
        assert pe.FundingLine(adjusted_budget="40万元").adjusted_budget == pe.wan(40)
        assert str(pe.Stated(execution_rate="86.19%").execution_rate) == "0.8619"

    def test_negative_and_doubled_data_loads(self):
        twice = pe.Indicator("甲", weight=-5)
        assert pe.Project(
            "乙", fiscal_year=2022, indicators=[twice, twice], funding=[pe.FundingLine(adjusted_budget=-1)]
        )

    def test_records_are_frozen_and_pickle(self):
        import attrs

        project = pe.load("examples/qinghe-2022.toml")
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            project.name = "乙"
        assert pickle.loads(pickle.dumps(project)) == project
        result = pe.evaluate(project, pe.rule_set("CN", fiscal_year=2022))
        assert pickle.loads(pickle.dumps(result)).to_dict() == result.to_dict()


def test_every_docstring_example_runs():
    """A room whose examples are not collected would keep them unread."""
    with_examples = {path for path in Path("src").rglob("*.py") if ">>> " in path.read_text(encoding="utf-8")}
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "src"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert {Path(line.partition("::")[0]) for line in found.splitlines() if "::" in line} == with_examples


def test_the_pages_made_of_data_are_up_to_date():
    done = subprocess.run([sys.executable, "scripts/pages.py", "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
