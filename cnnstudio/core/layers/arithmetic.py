"""The sums behind a shape or a count, as terms that know the setting they come from."""

from msgspec import Struct


class Term(Struct, frozen=True):
    """A piece of a formula; `setting` names the layer's field it shows, if it shows one."""

    text: str
    setting: str | None = None


def things(number: Term, name: str, names: str) -> str:
    """What is counted, to stand after its number: ` filter` after 1, ` filters` after others."""
    return f" {name if number.text == '1' else names}"


class Sum(Struct, frozen=True):
    """One line of arithmetic, such as `height: floor((28 - 3 + 2*1) / 1) + 1 = 28`."""

    label: str
    terms: tuple[Term, ...]

    @property
    def text(self) -> str:
        """The formula as plain text, without its label."""
        return "".join(term.text for term in self.terms)


def line(label: str, *pieces: str | Term) -> Sum:
    """A sum from plain strings and terms."""
    return Sum(label, tuple(piece if isinstance(piece, Term) else Term(piece) for piece in pieces))


def product(*factors: Term) -> tuple[Term, ...]:
    """The factors with `*` between them."""
    terms: list[Term] = []
    for factor in factors:
        terms += [Term("*"), factor] if terms else [factor]
    return tuple(terms)
