"""The option of the session in a browser."""


def pytest_addoption(parser):
    parser.addoption("--screenshots", help="a folder for pictures of the pages, to be looked at")
