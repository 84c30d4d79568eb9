"""Databases of all kinds: SQL that makes a random schema with random rows, which every server takes."""

# ruff: noqa: E501 - tables of odd inputs read better with one a line

from __future__ import annotations

import json

from hypothesis import strategies as st

# Odd ones in SQL, in COPY, in psql, in a shell, in a comment of pg_dump; reserved words, and a name that is cut.
_ODD_NAMES = (
    'a"b', "a'b", "a.b", "a;b", "a\\b", "a b", " ", "$$", "$a$", "--", "/*", "*/", "A", "select", "user", "table", "ä",
    "日本", "a\nb", "\\.", "%s", "a\tb", ":x", "{}", "null", "public", "E'", "x" * 63, "e\u0301", "\U0001f600", "1",
    "\\connect x", "a\r\nb", "\u2028", "b(c)", "a,b", "order", "#", "-", "(", "\x01", "from stdin;",
)  # fmt: skip
_ODD_TEXTS = (
    "", "\\N", "\\.", "\n\\.\n", "a\tb", "\r", "\r\n", "\n", "'", "''", '"', "\\", "\\\\", "$$", "null", "NULL", "{}",
    "--", "/*", ";", "\x01", "\x0b", "\x0c", "\x08", "\x7f", "ä", "\U0001f600", "e\u0301", "COPY t FROM stdin;", "\u2028",
    "\\connect x", "INSERT INTO t VALUES (1);", ");", "), (", "a" * 3000, "\ufeff", "\\x41", "\\101", "%", "'); --",
)  # fmt: skip
names = st.one_of(st.sampled_from(_ODD_NAMES), st.text("abcXYZ_äß '\".", min_size=1, max_size=8))
_LETTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
texts = st.one_of(st.sampled_from(_ODD_TEXTS), st.text(_LETTERS, max_size=12))


def quoted(name: str) -> str:
    """As an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """As a string, whatever a backslash is."""
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _literals(values: st.SearchStrategy[str], kind: str) -> st.SearchStrategy[str]:
    return values.map(lambda text: f"{literal(text)}::{kind}")


_NUMBERS = st.one_of(
    st.sampled_from(
        ["NaN", "Infinity", "-Infinity", "0.00", "-0", "1e-20", "123456789012345678901234567890.5"]
    ),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12).map(str),
)
_FLOATS = st.one_of(
    st.sampled_from(["NaN", "Infinity", "-Infinity", "-0", "5e-324"]), st.floats(allow_nan=False).map(repr)
)
_INTS = st.integers(-(2**31), 2**31 - 1).map(str)
_DAYS = st.one_of(
    st.sampled_from(["infinity", "-infinity", "0044-03-15 BC", "12000-01-01"]), st.dates().map(str)
)
_TIMES = st.one_of(
    st.sampled_from(["infinity", "-infinity", "1850-06-01 00:00:00+00", "0044-03-15 00:00:00+00 BC"]),
    st.datetimes().map(str),
)
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(_LETTERS, max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(_LETTERS, max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


def _json(document: object) -> str:

    # NUL is no text of the server's, and neither is half of a pair.
    return json.dumps(document, ensure_ascii=False)


def _bits(width: int) -> st.SearchStrategy[str]:
    return st.text("01", min_size=width, max_size=width)


# What a value of each type is written like.
TYPES: dict[str, st.SearchStrategy[str]] = {
    "text": texts.map(literal),
    "integer": _INTS.map(lambda number: f"({number})"),
    "bigint": st.integers(-(2**63), 2**63 - 1).map(lambda number: f"'{number}'::bigint"),
    "numeric": _literals(_NUMBERS, "numeric"),
    "double precision": _literals(_FLOATS, "float8"),
    "real": _literals(st.one_of(st.sampled_from(["NaN", "Infinity"]), st.floats(width=32, allow_nan=False).map(repr)), "real"),
    "boolean": st.sampled_from(["true", "false"]),
    "date": _literals(_DAYS, "date"),
    "timestamp": _literals(_TIMES, "timestamp"),
    "timestamptz": _literals(_TIMES, "timestamptz"),
    "time(3)": _literals(st.times().map(str), "time"),
    "interval": st.integers(-(10**9), 10**9).map(lambda s: f"make_interval(secs => {s}, days => {s % 700})"),
    "bytea": st.binary(max_size=20).map(lambda raw: f"'\\x{raw.hex()}'::bytea"),
    "uuid": st.uuids().map(lambda one: f"'{one}'"),
    "jsonb": st.builds(_json, _JSON.filter(lambda one: "\\u0000" not in _json(one))).map(literal),
    "json": st.builds(_json, _JSON).map(literal),
    "char(5)": st.text("ab ", max_size=5).map(literal),
    "varchar(40)": st.text(_LETTERS, max_size=9).map(literal),
    "inet": st.ip_addresses(v=6).map(lambda one: f"'{one}'"),
    "bit(4)": _bits(4).map(lambda bits: f"B'{bits}'"),
    "int4range": st.tuples(st.integers(-99, 0), st.integers(1, 99)).map(lambda ends: f"'[{ends[0]},{ends[1]})'"),
    "tstzrange": st.dates().map(lambda day: f"'[{day} 01:00:00+00,)'"),
    "nummultirange": st.sampled_from(["'{}'", "'{[1,2),(5.5,]}'"]),
    "text[]": st.lists(st.one_of(st.just("NULL"), texts.map(literal)), max_size=4).map(lambda some: f"ARRAY[{','.join(some)}]::text[]"),
    "integer[]": st.sampled_from(["'{}'", "'{{1,2},{3,NULL}}'", "'[0:1]={5,6}'"]),
    "point": st.sampled_from(["'(1,2)'", "'(1e300,-0.1)'"]),
    "tsvector": st.sampled_from(["'a:1 b''c'''", "''", "to_tsvector('simple', 'x y')"]),
    "name": st.sampled_from(["'n'", "''"]),
}  # fmt: skip


@st.composite
def databases(draw: st.DrawFn) -> list[str]:
    """The statements that make one, in their order."""
    used: set[str] = set()

    def fresh(prefix: str = "") -> str:
        # A name is cut at 63 bytes; the number keeps it its own.
        name = draw(names)
        while name[:1] == "\0" or name in used or len(name.encode()) > 63 or name.startswith("pg_"):
            name = f"{prefix}{len(used)}{name}".encode()[:60].decode(errors="ignore")
        used.add(name)
        return name

    schemas = ["public", *(fresh() for _ in range(draw(st.integers(0, 2))))]
    made = [f"CREATE SCHEMA {quoted(name)};" for name in schemas[1:]]

    def placed() -> str:
        return f"{quoted(draw(st.sampled_from(schemas)))}.{quoted(fresh())}"

    kinds = dict(TYPES)
    if draw(st.booleans()):
        labels = draw(
            st.lists(names.filter(lambda n: len(n.encode()) < 64), min_size=1, max_size=4, unique=True)
        )
        enum = placed()
        made.append(f"CREATE TYPE {enum} AS ENUM ({', '.join(map(literal, labels))});")
        kinds[enum] = st.sampled_from([f"{literal(label)}::{enum}" for label in labels])
    if draw(st.booleans()):
        domain = placed()
        made.append(
            f"CREATE DOMAIN {domain} AS text DEFAULT {literal(draw(texts))} CHECK (VALUE <> {literal('no' + draw(texts))});"
        )
        kinds[domain] = texts.filter(lambda text: not text.startswith("no")).map(literal)
    if draw(st.booleans()):
        pair = placed()
        made.append(f"CREATE TYPE {pair} AS ({quoted(fresh())} integer, {quoted(fresh())} text);")
        kinds[pair] = st.tuples(_INTS, texts).map(lambda two: f"ROW({two[0]}, {literal(two[1])})::{pair}")
    if draw(st.booleans()):
        function = placed()
        body = draw(texts)
        language = draw(st.sampled_from(["sql", "atomic", "plpgsql"]))
        if language == "sql":
            made.append(
                f"CREATE FUNCTION {function}(a integer) RETURNS text LANGUAGE sql IMMUTABLE AS {literal('SELECT ' + literal(body))};"
            )
        elif language == "atomic":
            made.append(
                f"CREATE FUNCTION {function}(a integer) RETURNS text LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN {literal(body)} ELSE 'b;' END; END;"
            )
        else:
            made.append(
                f"CREATE FUNCTION {function}(a integer) RETURNS text LANGUAGE plpgsql AS {literal('BEGIN RETURN ' + literal(body) + '; END')};"
            )
    trigger = f"{quoted(fresh())}"
    made.append(
        f"CREATE FUNCTION public.{trigger}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'it fired'; END$$;"
    )

    tables: list[str] = []
    later: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        table = placed()
        columns = [
            (quoted(fresh()), draw(st.sampled_from(sorted(kinds)))) for _ in range(draw(st.integers(0, 6)))
        ]
        key = draw(
            st.sampled_from(
                [
                    "integer PRIMARY KEY",
                    "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
                    "serial PRIMARY KEY",
                    "integer GENERATED BY DEFAULT AS IDENTITY (START 5 INCREMENT -3 MAXVALUE 9 MINVALUE -99999) UNIQUE",
                ]
            )
        )
        parts = [f"id {key}"]
        for name, kind in columns:
            extra = ""
            if draw(st.integers(0, 3)) == 0:
                extra += f" DEFAULT {draw(kinds[kind])}"
            if draw(st.integers(0, 4)) == 0:
                extra += f" CHECK ({name} IS NULL OR {name}::text <> {literal(draw(texts) + 'zz')})"
            parts.append(f"{name} {kind}{extra}")
        if draw(st.booleans()):
            parts.append(f"{quoted(fresh())} integer GENERATED ALWAYS AS (id::integer % 7) STORED")
        partitioned = "BY DEFAULT" not in key and draw(st.integers(0, 3)) == 0
        unlogged = "UNLOGGED " if not partitioned and draw(st.integers(0, 9)) == 0 else ""
        if partitioned:
            parts[0] = "id integer NOT NULL"
        made.append(
            f"CREATE {unlogged}TABLE {table} ({', '.join(parts)}){' PARTITION BY RANGE (id)' if partitioned else ''};"
        )
        if partitioned:
            for low, high in (("MINVALUE", "3"), ("3", "MAXVALUE")):
                made.append(
                    f"CREATE TABLE {placed()} PARTITION OF {table} FOR VALUES FROM ({low}) TO ({high});"
                )
            later.append(f"CREATE UNIQUE INDEX {quoted(fresh())} ON {table} (id);")
        rows = draw(st.integers(0, 5))
        named = ", ".join(["id", *(name for name, _ in columns)])
        for row in range(rows):
            values = [str(row)] + [
                "NULL" if draw(st.integers(0, 4)) == 0 else draw(kinds[kind]) for _, kind in columns
            ]
            made.append(
                f"INSERT INTO {table} ({named}) OVERRIDING SYSTEM VALUE VALUES ({', '.join(values)});"
            )
        if columns and draw(st.booleans()):
            later.append(f"COMMENT ON COLUMN {table}.{columns[0][0]} IS {literal(draw(texts) or 'c')};")
        if draw(st.booleans()):
            later.append(f"COMMENT ON TABLE {table} IS {literal(draw(texts) or 'c')};")
        if draw(st.integers(0, 2)) == 0:
            later.append(
                f"CREATE TRIGGER {quoted(fresh())} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION public.{trigger}();"
            )
        if draw(st.integers(0, 2)) == 0:
            later.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;")
            later.append(
                f"CREATE POLICY {quoted(fresh())} ON {table} FOR SELECT USING (id > 1 AND {literal(draw(texts))} <> '');"
            )
        if draw(st.integers(0, 2)) == 0:
            later.append(
                f"GRANT SELECT{', INSERT (id)' if draw(st.booleans()) else ''} ON {table} TO PUBLIC;"
            )
        if draw(st.integers(0, 2)) == 0:
            columns_of = f"id, {columns[0][0]} AS {quoted(fresh())}" if columns else "id"
            view = placed()
            later.append(
                f"CREATE VIEW {view} AS SELECT {columns_of} FROM {table} WHERE {literal(draw(texts))} <> 'x';"
            )
            if draw(st.booleans()):
                later.append(
                    f"CREATE MATERIALIZED VIEW {placed()} AS SELECT * FROM {view} {draw(st.sampled_from(['', 'WITH NO DATA']))};"
                )
        if draw(st.integers(0, 2)) == 0:
            later.append(f"CREATE INDEX {quoted(fresh())} ON {table} ((id % 5)) WHERE id > {number};")
        if not partitioned:
            tables.append(table)
    if tables and draw(st.booleans()):  # cycles, and a table that names itself
        for here in tables:
            there = draw(st.sampled_from(tables))
            column = quoted(fresh())
            later.append(
                f"ALTER TABLE {here} ADD COLUMN {column} {'bigint' if draw(st.booleans()) else 'integer'};"
            )
            later.append(f"UPDATE {here} SET {column} = (SELECT min(id) FROM {there});")
            how = draw(
                st.sampled_from(["", " DEFERRABLE INITIALLY DEFERRED", " NOT VALID", " ON DELETE CASCADE"])
            )
            later.append(
                f"ALTER TABLE {here} ADD CONSTRAINT {quoted(fresh())} FOREIGN KEY ({column}) REFERENCES {there} (id){how};"
            )
    if draw(st.booleans()):
        sequence = placed()
        later.append(f"CREATE SEQUENCE {sequence} INCREMENT -2 MINVALUE -50 MAXVALUE 7 START 5 CYCLE;")
        later.append(
            f"SELECT setval({literal(sequence)}, {draw(st.integers(-50, 7))}, {draw(st.sampled_from(['true', 'false']))});"
        )
    if draw(st.integers(0, 2)) == 0:
        later.append(
            f"SELECT lo_from_bytea({draw(st.integers(20000, 4294967295))}, '\\x{draw(st.binary(max_size=40)).hex()}');"
        )
    return made + later
