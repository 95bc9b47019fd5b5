"""Where in a TOML file something stands: TOML readers do not tell."""

import re


class Places:
    """Finds keys and words of the n-th rule in the text of a file."""

    def __init__(self, raw: str) -> None:
        self._lines = raw.splitlines() or [""]
        heads = [
            n for n, line in enumerate(self._lines) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)
        ]
        self._blocks = [
            (head, heads[n + 1] if n + 1 < len(heads) else len(self._lines))
            for n, head in enumerate(heads)
        ]

    def of_key(self, number: int | None, key: str) -> tuple[int, int]:
        """Line and column of a key; of the rule's head where the key is missing."""
        start, end = self._block(number)
        form = re.compile(rf"""(?:^\s*|[{{,]\s*|\.)["']?({re.escape(key)})["']?\s*(?:=|\.)""")
        for n in range(start, end):
            if match := form.search(self._code(n)):
                return n + 1, match.start(1) + 1
        return start + 1, 1

    def of_word(self, number: int, key: str, word: str) -> tuple[int, int]:
        """Line and column of an entry of a list."""
        line, column = self.of_key(number, key)
        _, end = self._block(number)
        forms = {f'"{word}"', f"'{word}'", '"' + word.replace("\\", "\\\\") + '"'}
        for n in range(line - 1, end):
            found = [at for form in forms if (at := self._lines[n].find(form)) >= 0]
            if found:
                return n + 1, min(found) + 1
        return line, column

    def _block(self, number: int | None) -> tuple[int, int]:
        if number is None:
            return 0, self._blocks[0][0] if self._blocks else len(self._lines)
        return self._blocks[number] if number < len(self._blocks) else (0, len(self._lines))

    def _code(self, number: int) -> str:
        line = self._lines[number]
        return "" if line.lstrip().startswith("#") else line
