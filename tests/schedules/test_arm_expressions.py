"""The expression language of ARM templates, as far as a template alone tells the value."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mlschedule.schedules.arm_expressions import STUB, Scope, Unknown
from pytest_mlschedule.schedules.arm_functions import FUNCTIONS
from pytest_mlschedule.schedules.arm_syntax import Access, ArmSyntaxError, Call, is_expression, parse_expression

TEMPLATE: dict[str, Any] = {
    "parameters": {
        "env": {"type": "string", "defaultValue": "Prod"},
        "derived": {"type": "string", "defaultValue": "[toLower(parameters('env'))]"},
        "open": {"type": "string"},
        "late": {"type": "string", "defaultValue": "[utcNow()]"},
        "loop": {"defaultValue": "[parameters('LOOP')]"},
        "broken": 5,
    },
    "variables": {
        "names": {"Prod": {"cron": "0 1 * * *"}, "list": ["a", "b"], "late": "[reference('x')]"},
        "plain": "x",
        "round": "[variables('about')]",
        "about": ["[variables('round')]"],
        "copy": [{"name": "numbers", "count": 3, "input": "[copyIndex('numbers', 10)]"}, 5, {"count": 1}],
    },
}
SCOPE = Scope(TEMPLATE)


def value(expression: str) -> Any:
    return SCOPE.resolve(f"[{expression}]")


def reason(expression: str) -> str:
    unknown = value(expression)
    assert isinstance(unknown, Unknown), unknown
    assert unknown.text == f"[{expression}]"
    return unknown.reason


# Values as the documentation of ARM template functions gives them for these arguments.
VALUES = [
    ("'it''s'", "it's"),
    ("5", 5),
    ("concat('a', 'b', 1)", "ab1"),
    ("concat(createArray(1), createArray(2, 3))", [1, 2, 3]),
    ("concat('a', true(), null())", "aTrue"),
    ("concat('a', createObject('k', 1))", 'a{"k":1}'),
    ("format('{0}-{1}-{0}', 'a', 5)", "a-5-a"),
    ("format('{{0}} {0:D3} {0:00}', 7)", "{0} 007 07"),
    ("format('{0:D2}', -5)", "-05"),
    ("toLower('AbC')", "abc"),
    ("toUpper('AbC')", "ABC"),
    ("sys.toUpper('a')", "A"),
    ("string(5)", "5"),
    ("string(true())", "True"),
    ("string('x')", "x"),
    ("string(createArray(1, 'a'))", '[1,"a"]'),
    ("int('5')", 5),
    ("bool('TRUE')", True),
    ("bool('0')", False),
    ("bool(1)", True),
    ("if(true(), 'a', reference('x'))", "a"),
    ("if(equals(1, 2), 'a', 'b')", "b"),
    ("equals('a', 'A')", False),
    ("equals(1, '1')", False),
    ("and(true(), false(), reference('x'))", False),
    ("and(true(), true())", True),
    ("or(false(), true())", True),
    ("or(false(), false())", False),
    ("not(false())", True),
    ("createObject('a', 1, 'b', createArray())", {"a": 1, "b": []}),
    ("createObject('a', 1).a", 1),
    ("createArray('x', 'y')[1]", "y"),
    ("array('x')", ["x"]),
    ("array(createArray(1))", [1]),
    ("length('abc')", 3),
    ("length(createArray(1))", 1),
    ("union(createArray(1, 2), createArray(2, 3))", [1, 2, 3]),
    ("union(createObject('a', 1), createObject('b', 2))", {"a": 1, "b": 2}),
    ("contains('abc', 'b')", True),
    ("contains(createObject('Key', 1), 'key')", True),
    ("contains(createArray(1), 2)", False),
    ("empty('')", True),
    ("empty(null())", True),
    ("empty(createArray(1))", False),
    ("empty(0)", False),
    ("coalesce(null(), 'a')", "a"),
    ("coalesce(null())", None),
    ("add(1, 2)", 3),
    ("sub(1, 2)", -1),
    ("mul(3, 4)", 12),
    ("div(-7, 2)", -3),
    ("mod(7, 3)", 1),
    ("min(3, 1)", 1),
    ("max(createArray(3, 9))", 9),
    ("first('abc')", "a"),
    ("last(createArray(1, 2))", 2),
    ("first('')", ""),
    ("last(createArray())", None),
    ("split('a,b;c', createArray(',', ';'))", ["a", "b", "c"]),
    ("split('a-b', '-')", ["a", "b"]),
    ("join(createArray('a', 'b'), '/')", "a/b"),
    ("replace('aXbX', 'X', '-')", "a-b-"),
    ("substring('abcdef', 2)", "cdef"),
    ("substring('abcdef', 2, 3)", "cde"),
    ("trim('  a ')", "a"),
    ("range(5, 3)", [5, 6, 7]),
    ("take('abc', 2)", "ab"),
    ("take(createArray(1), -1)", []),
    ("skip(createArray(1, 2, 3), 1)", [2, 3]),
    ("startsWith('Abc', 'a')", True),
    ("endsWith('abC', 'c')", True),
    ("indexOf('abCd', 'c')", 2),
    ("padLeft('7', 3, '0')", "007"),
    ("padLeft(7, 3)", "  7"),
    ("base64('abc')", "YWJj"),
    ("""json('{"a": [1]}')""", {"a": [1]}),
    ("less(1, 2)", True),
    ("lessOrEquals(2, 2)", True),
    ("greater('b', 'a')", True),
    ("greaterOrEquals(1, 2)", False),
    ("parameters('env')", "Prod"),
    ("PARAMETERS('ENV')", "Prod"),
    ("parameters('derived')", "prod"),
    ("variables('plain')", "x"),
    ("variables('names')[parameters('env')].cron", "0 1 * * *"),
    ("variables('NAMES').PROD['cron']", "0 1 * * *"),
    ("variables('names').list[1]", "b"),
    ("variables('numbers')", [10, 11, 12]),
    ("resourceId('A.B/c/d', 'x', 'y')", "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/A.B/c/x/d/y"),
    ("resourceId('g', 'A.B/c', 'x')", "/subscriptions/{subscription}/resourceGroups/g/providers/A.B/c/x"),
    ("resourceId('s', 'g', 'A.B/c', 'x')", "/subscriptions/s/resourceGroups/g/providers/A.B/c/x"),
    ("subscriptionResourceId('A.B/c', 'x')", "/subscriptions/{subscription}/providers/A.B/c/x"),
    ("subscriptionResourceId('s', 'A.B/c', 'x')", "/subscriptions/s/providers/A.B/c/x"),
    ("tenantResourceId('A.B/c', 'x')", "/providers/A.B/c/x"),
    ("extensionResourceId('/subscriptions/s', 'A.B/c', 'x')", "/subscriptions/s/providers/A.B/c/x"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), VALUES)
def test_values(expression: str, expected: Any) -> None:
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)


def test_every_function_has_a_value_in_the_table() -> None:
    used = " ".join(expression.lower() for expression, _ in VALUES)
    assert [name for name in FUNCTIONS if f"{name}(" not in used] == []


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("parameters('open')", "the parameter 'open' has no default value"),
        ("concat('a', parameters('open'))", "the parameter 'open' has no default value"),
        ("parameters('nope')", "there is no parameter 'nope'"),
        ("parameters('broken')", "there is no parameter 'broken'"),
        ("parameters(5)", "parameters() takes one name"),
        ("parameters()", "parameters() takes one name"),
        ("parameters(parameters('open'))", "'open' has no default"),
        ("parameters('late')", "utcNow() is known only when the template is deployed"),
        ("parameters('loop')", "refers to itself"),
        ("variables('nope')", "there is no variable 'nope'"),
        ("variables(parameters('open'))", "'open' has no default"),
        ("variables('names').late", "reference() is known only"),
        ("variables('names').nope", "there is no 'nope' in"),
        ("variables('names')[parameters('open')]", "'open' has no default"),
        ("parameters('open').x", "'open' has no default"),
        ("createArray(1)[5]", "there is no '5' in"),
        ("'x'.y", "there is no 'y' in"),
        ("listKeys('x')", "listKeys() is known only"),
        ("resourceGroup().location", "resourceGroup() is known only"),
        ("resourceId(parameters('open'))", "'open' has no default"),
        ("resourceId('x')", "resourceId() takes a type of resource"),
        ("resourceId('A.B/c/d', 'x')", "resourceId() does not take these arguments"),
        ("map(1, 2)", "the function map() is not known here"),
        ("copyIndex()", "stands outside its loop"),
        ("copyIndex('x')", "stands outside its loop"),
        ("if(1, 2, 3)", "if() takes a condition first"),
        ("if(true())", "if() takes three arguments"),
        ("if(parameters('open'), 2, 3)", "'open' has no default"),
        ("and(1)", "and() takes true and false"),
        ("or(parameters('open'), true())", "'open' has no default"),
        ("toLower(5)", "toLower() takes text"),
        ("toLower()", "does not take these arguments"),
        ("toLower('a', 'b')", "does not take these arguments"),
        ("add('x', 1)", "does not take these arguments"),
        ("add(true(), 1)", "takes a number"),
        ("div(1, 0)", "does not take these arguments"),
        ("less(1, 'a')", "does not take these arguments"),
        ("bool('maybe')", "takes true or false"),
        ("concat(createArray(1), 2)", "takes an array"),
        ("format('{5}', 1)", "does not take these arguments"),
        ("format('{0:N2}', 1)", "the format 'N2' is not known"),
        ("format('{0:D2}', 'x')", "the format 'D2' is not known"),
        ("createObject('a')", "does not take these arguments"),
        ("range(0, 10001)", "takes 0 to 10,000"),
        ("padLeft('a', 1001)", "takes a width"),
        ("length(5)", "takes text, an array or an object"),
        ("first(5)", "takes text or an array"),
        ("json('{')", "does not take these arguments"),
        ("json('" + "[" * 100 + "]" * 100 + "')", "is nested too deep"),
        ("replace('a', '', 'b')", "needs a text to look for"),
        ("replace('" + "x" * 400 + "', 'x', '" + "y" * 400 + "')", "would make more than 131,072 characters"),
        ("union(range(0, 600), range(0, 600))", "takes up to 1,000 items"),
        ("string(createArray(parameters('open')))", "string() does not take these arguments"),
        ("", "it ends too early"),
        ("concat('a'", "it ends too early"),
        ("concat('a' 'b')", "has ('b',) where ',' should stand"),
        ("'a' 'b'", "where it should end"),
        ("parameters", "it ends too early"),
        ("createArray(1)[1", "it ends too early"),
        ("createArray(1).5", "where a name should stand"),
        (")", "where a value should stand"),
        ("a ? b", "cannot be read at ' ? b'"),
        ("concat(" * 62 + ")" * 62, "nested deeper than 60 levels"),
        ("'" + "x" * 25_000 + "'", "longer than 24576 characters"),
    ],
)
def test_what_is_not_known(expression: str, words: str) -> None:
    assert words in reason(expression)


def test_text_that_is_no_expression() -> None:
    assert [is_expression(text) for text in ("[a()]", "[[a()]", "a()", "[a()", "")] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert SCOPE.resolve("[[a()]") == "[a()]"
    assert SCOPE.resolve("plain [a()]") == "plain [a()]"
    assert SCOPE.resolve({"a": [5, None, True, 1.5, "[add(1, 1)]"]}) == {"a": [5, None, True, 1.5, 2]}


def test_trees() -> None:
    assert parse_expression("[ a.b( 'x' ,-1).c [0] ]") == Access(Access(Call("b", ("x", -1)), "c"), 0)
    with pytest.raises(ArmSyntaxError, match="should end"):
        parse_expression("[a())]")


def test_structures_keep_what_is_known() -> None:
    found = value("createObject('a', parameters('open'), 'b', 1)")
    assert found["b"] == 1
    assert isinstance(found["a"], Unknown)
    assert value("createObject('a', parameters('open'), 'b', 1).b") == 1


def test_stubs_stand_for_what_is_not_known() -> None:
    assert SCOPE.stubbed().resolve("[format('{0}/x', parameters('open'))]") == f"{STUB}/x"
    assert SCOPE.stubbed().resolve("[nope(]") == STUB


def test_loops_of_properties() -> None:
    given = {
        "hours": 1,
        "copy": [
            {"name": "minutes", "count": "[add(1, 1)]", "input": {"at": "[copyIndex('minutes')]"}},
            {"name": "bad", "count": "[parameters('open')]", "input": 1},
            {"name": 5, "count": 1},
            "odd",
        ],
    }
    found = SCOPE.resolve(given)
    assert (found["hours"], found["minutes"]) == (1, [{"at": 0}, {"at": 1}])
    assert isinstance(found["bad"], Unknown)
    assert set(found) == {"hours", "minutes", "bad"}
    assert SCOPE.resolve({"copy": "[add(1, 1)]"}) == {"copy": 2}


@pytest.mark.parametrize("count", [-1, 801, "x", True, None, [], 1.5])
def test_loops_take_a_bounded_count(count: Any) -> None:
    turns = SCOPE.turns({"name": "x", "count": count})
    assert isinstance(turns, Unknown)
    assert "0 to 800 turns" in turns.reason


def test_turns() -> None:
    turns = SCOPE.resource_turns({"name": "Loop", "count": 2})
    assert not isinstance(turns, Unknown)
    assert [turn.resolve("[createArray(copyIndex(), copyIndex('loop'), copyIndex(5))]") for turn in turns] == [
        [0, 0, 5],
        [1, 1, 6],
    ]
    assert isinstance(turns[0].resolve("[copyIndex('loop', 'x')]"), Unknown)
    # A default value or a variable stands outside the loop that uses it.
    assert (
        Scope({"variables": {"v": "[copyIndex()]"}}, loops={"": 1})
        .resolve("[variables('v')]")
        .reason.startswith("copyIndex()")
    )
    assert isinstance(SCOPE.resource_turns({"count": "[parameters('open')]"}), Unknown)


@pytest.mark.parametrize("odd", [{}, {"parameters": [], "variables": 5}, {"variables": {"copy": 5}}])
def test_odd_templates(odd: dict[str, Any]) -> None:
    scope = Scope(odd)
    assert isinstance(scope.resolve("[parameters('x')]"), Unknown)
    assert isinstance(scope.resolve("[variables('x')]"), Unknown)


BOMBS = {
    "concat": {f"v{n}": f"[concat(variables('v{n - 1}'), variables('v{n - 1}'))]" for n in range(1, 40)},
    "arrays": {f"v{n}": f"[createArray(variables('v{n - 1}'), variables('v{n - 1}'))]" for n in range(1, 40)},
    "format": {f"v{n}": f"[format('{'{0}' * 1000}', variables('v{n - 1}'))]" for n in range(1, 40)},
    "replace": {f"v{n}": f"[replace(variables('v{n - 1}'), 'x', '{'x' * 1000}')]" for n in range(1, 40)},
    "join": {f"v{n}": f"[join(createArray({', '.join(['1'] * 1000)}), variables('v{n - 1}'))]" for n in range(1, 40)},
    "lists": {f"v{n}": f"[concat(variables('v{n - 1}'), variables('v{n - 1}'))]" for n in range(1, 40)} | {"v0": "[range(0, 9)]"},
    "literal": {f"v{n}": [f"[variables('v{n - 1}')]"] * 20 for n in range(1, 40)},
    "loops": {f"v{n}": {"copy": [{"name": "x", "count": 800, "input": f"[variables('v{n - 1}')]"}]} for n in range(1, 40)},
    "deep": {f"v{n}": {"a": {"b": {"c": {"d": f"[variables('v{n - 1}')]"}}}} for n in range(1, 40)},
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_hostile_templates_end_soon(bomb: str) -> None:
    scope = Scope({"variables": {"v0": "x", **BOMBS[bomb]}})
    found = scope.resolve("[string(variables('v39'))]")
    assert isinstance(found, Unknown), repr(found)[:100]
    for _ in range(100):
        scope.resolve("[variables('v39')]")
