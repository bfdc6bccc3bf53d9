"""An ``az`` for deploy scripts under test: the commands of ``az ml schedule`` and ``az ml job`` against a FakeWorkspace."""
