"""What is wrong with a rule, said to the moderator who wrote it: where and why."""


class RuleProblem(ValueError):
    """A rule is unusable; the text is one Chinese sentence with file, line and column."""

    def __init__(self, name: str, line: int, column: int, problem: str) -> None:
        super().__init__(f"{name} 第 {line} 行第 {column} 列：{problem}")
        self.name = name
        self.line = line
        self.column = column
        self.problem = problem
