"""Personal data as a type: whatever prints, logs or serialises it shows the mask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Personal:
    """A value that shows only its end unless it is revealed on purpose."""

    _plain: str
    keep: int = 4

    def __str__(self) -> str:
        return masked(self._plain, self.keep)

    __repr__ = __str__

    def __html__(self) -> str:
        # Jinja asks for this before str(); a mask holds no markup.
        return str(self)

    def __bool__(self) -> bool:
        return bool(self._plain)

    def revealed(self) -> str:
        """The value itself. The caller answers for permission and for the audit entry."""
        return self._plain


def masked(value: str, keep: int = 4) -> str:
    """`value` with all but the last `keep` characters hidden; a short value is hidden whole."""
    if len(value) <= keep:
        return "*" * len(value)
    return "*" * (len(value) - keep) + value[-keep:]
