"""What a module uses of another stands in that module's ``__all__``; nobody reaches for the rest, tests included."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import perfeval

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
PLACES = ("src/perfeval", "tests", "scripts", "benchmarks", "spark_tests", "typing_tests")
FILES = [path for place in PLACES for path in sorted((ROOT / place).rglob("*.py"))]


def package_of(path: Path) -> str:
    """The package that a file of the library belongs to, as others see it; empty for what uses the library."""
    if not path.is_relative_to(SOURCE):
        return ""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:2])


def reached(path: Path):
    """Each name of the library that a file imports from outside its own package: (line, module, name)."""
    own = package_of(path)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "perfeval":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if (SOURCE / inner.replace(".", "/")).with_suffix(".py").exists() or (
                    SOURCE / inner.replace(".", "/")
                ).is_dir():
                    modules[alias.asname or alias.name] = inner
                elif not own or ".".join(node.module.split(".")[:2]) != own:
                    yield node.lineno, node.module, alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "perfeval":
                    modules[alias.asname or "perfeval"] = alias.name if alias.asname else "perfeval"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            module = modules[node.value.id]
            if not own or ".".join(module.split(".")[:2]) != own:
                yield node.lineno, module, node.attr


def is_public(module: str, name: str) -> bool:
    return name.startswith("__") or name in getattr(importlib.import_module(module), "__all__", ())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_public_names_are_used(path):
    crossing = [
        f"{path.relative_to(ROOT)}:{line}: {module}.{name}"
        for line, module, name in reached(path)
        if not is_public(module, name)
    ]
    assert crossing == []


def test_every_promised_name_is_there():
    for path in sorted((SOURCE / "perfeval").rglob("*.py")):
        if path.stem == "__main__":
            continue
        parts = path.relative_to(SOURCE).with_suffix("").parts
        module = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        for name in getattr(module, "__all__", ()):
            assert hasattr(module, name), f"{module.__name__}.{name}"


def test_dir_shows_the_lazy_names():
    assert set(perfeval.__all__) <= set(dir(perfeval))
