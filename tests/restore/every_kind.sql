-- A schema with an object of every kind, as servers from 15 to 18 accept it.
CREATE ROLE kind_owner;
CREATE ROLE kind_reader;
CREATE ROLE "Odd ""Role""";
CREATE SCHEMA app AUTHORIZATION kind_owner;
CREATE SCHEMA "Odd: Schema";
CREATE TYPE app.mood AS ENUM ('sad', 'it''s', 'so "so"');
CREATE TYPE app.pair AS (a integer, b text COLLATE "C");
CREATE TYPE app.span AS RANGE (subtype = double precision, subtype_diff = float8mi);
CREATE DOMAIN app.email AS text COLLATE "C" NOT NULL DEFAULT 'a@b'::text CONSTRAINT email_check CHECK (VALUE ~ '@'::text);
CREATE COLLATION app.german (provider = libc, locale = 'C');
CREATE TEXT SEARCH DICTIONARY app.dict (TEMPLATE = simple, accept = 'false');
CREATE TEXT SEARCH CONFIGURATION app.search (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION app.search ADD MAPPING FOR word, asciiword WITH english_stem, simple;
CREATE TEXT SEARCH CONFIGURATION app.config (PARSER = default);
CREATE SEQUENCE app.counter AS integer START 5 INCREMENT 2 MAXVALUE 1000 CACHE 3 CYCLE;
CREATE TABLE app.parents (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 7),
    email app.email,
    mood app.mood DEFAULT 'sad'::app.mood,
    pair app.pair,
    name text COLLATE "C" NOT NULL,
    doubled numeric(10,2) GENERATED ALWAYS AS ((length(name) * 2)) STORED,
    born timestamp with time zone DEFAULT now(),
    gap interval DEFAULT '1 day'::interval,
    at timestamp with time zone DEFAULT '2020-01-01 00:00:00+00'::timestamp with time zone,
    tags text[] DEFAULT '{}'::text[],
    n integer DEFAULT nextval('app.counter'::regclass),
    CONSTRAINT named CHECK ((name <> ''::text) AND (n > 0) OR mood IN ('sad', 'it''s')),
    PRIMARY KEY (id)
);
CREATE TABLE app.children (
    id serial PRIMARY KEY,
    parent bigint NOT NULL REFERENCES app.parents(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    kind character varying(20) DEFAULT 'x'::character varying,
    flags bit(3) DEFAULT B'101',
    during tstzrange,
    EXCLUDE USING gist (during WITH &&)
);
ALTER TABLE app.children ADD CONSTRAINT late CHECK (kind <> 'y') NOT VALID;
ALTER TABLE app.children ADD CONSTRAINT loose FOREIGN KEY (parent) REFERENCES app.parents(id) NOT VALID;
CREATE UNLOGGED TABLE app.cache (k text, v jsonb) WITH (fillfactor = 70);
CREATE TABLE app.parted (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE app.parted_2020 PARTITION OF app.parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE app.parted_rest PARTITION OF app.parted DEFAULT;
CREATE TABLE app.points_at_parted (id bigint, day date, FOREIGN KEY (id, day) REFERENCES app.parted);
CREATE TABLE app.by_list (k text, v integer) PARTITION BY LIST (k);
CREATE TABLE app.by_list_ab PARTITION OF app.by_list FOR VALUES IN ('a', 'b') PARTITION BY HASH (v);
CREATE TABLE app.by_list_ab_0 PARTITION OF app.by_list_ab FOR VALUES WITH (modulus 2, remainder 0);
CREATE INDEX by_list_v ON app.by_list (v);
CREATE TABLE app.base (a integer NOT NULL, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE app.derived (b text) INHERITS (app.base);
CREATE TABLE app.typed OF app.pair;
CREATE TABLE "Odd: Schema"."Odd Table: ""x"" ON y" ("a: b" integer, "select" text, "new
line" integer);
CREATE INDEX parents_lower ON app.parents USING btree (lower(name) DESC NULLS LAST) INCLUDE (n) WHERE (n > 3);
CREATE UNIQUE INDEX children_kind ON app.children (kind COLLATE "C" varchar_pattern_ops);
CREATE INDEX children_gin ON app.parents USING gin (tags);
CREATE UNIQUE INDEX nulls ON app.children (kind) NULLS NOT DISTINCT;
ALTER TABLE app.children CLUSTER ON children_kind;
ALTER TABLE app.parents REPLICA IDENTITY FULL;
CREATE STATISTICS app.stats (dependencies) ON n, mood FROM app.parents;

CREATE VIEW app.one AS SELECT p.id, p.name AS n, upper(p.name) AS u, (SELECT count(*) FROM app.children c WHERE c.parent = p.id) AS c
    FROM app.parents p WHERE p.n > 3 AND p.mood = 'sad' ORDER BY p.id DESC LIMIT 10;
CREATE VIEW app.bare AS SELECT id, name, CASE WHEN n > 1 THEN 'a.id' ELSE name END AS w FROM app.parents;
CREATE VIEW app.joined AS SELECT p.id, c.kind FROM app.parents p LEFT JOIN app.children c ON c.parent = p.id;
CREATE VIEW app.unioned AS SELECT id FROM app.parents UNION ALL SELECT id::bigint FROM app.children ORDER BY 1;
CREATE VIEW app.grouped AS SELECT mood, count(*) AS n, max(id) FILTER (WHERE n > 1) AS m FROM app.parents GROUP BY mood HAVING count(*) > 1;
CREATE VIEW app.with_it AS WITH q AS (SELECT id, name FROM app.parents) SELECT q.id, row_number() OVER (PARTITION BY q.name ORDER BY q.id) FROM q;
CREATE VIEW app.from_function AS SELECT g.x, g.x + 1 AS y FROM generate_series(1, 3) g(x);
CREATE VIEW app.from_values AS SELECT v.a, v.b FROM (VALUES (1, 'x'), (2, 'y')) v(a, b);
CREATE VIEW app.from_query AS SELECT s.id FROM (SELECT id FROM app.parents WHERE n IS NOT NULL) s;
CREATE VIEW app.composite AS SELECT (pair).a AS a, p.pair, p FROM app.parents p;
CREATE VIEW app.exists AS SELECT id FROM app.parents p WHERE EXISTS (SELECT 1 FROM app.children c WHERE c.parent = p.id AND c.kind = p.name);
CREATE VIEW app.lateral AS SELECT p.id, l.k FROM app.parents p, LATERAL (SELECT c.kind AS k FROM app.children c WHERE c.parent = p.id LIMIT 1) l;
CREATE VIEW app.checked WITH (security_barrier = true) AS SELECT id, name FROM app.parents WHERE n > 0 WITH LOCAL CHECK OPTION;
CREATE VIEW app.dated AS SELECT EXTRACT(year FROM born) AS y, born::date AS d, born AT TIME ZONE 'UTC' AS z, substring(name FROM 2 FOR 3) AS s FROM app.parents;
CREATE VIEW app.invoked WITH (security_invoker = true) AS SELECT a FROM app.base;
CREATE VIEW app.nothing AS SELECT 1 AS a, now() AS b;
CREATE VIEW "Odd: Schema"."v: 1" AS SELECT "a: b", "select" FROM "Odd: Schema"."Odd Table: ""x"" ON y";
CREATE MATERIALIZED VIEW app.kept AS SELECT mood, count(*) AS n FROM app.parents GROUP BY mood WITH NO DATA;
CREATE UNIQUE INDEX kept_mood ON app.kept (mood);
CREATE RULE no_delete AS ON DELETE TO app.base DO INSTEAD NOTHING;
CREATE RULE also AS ON INSERT TO app.cache WHERE new.k = 'x' DO ALSO UPDATE app.parents SET name = new.k WHERE id = 1;

CREATE FUNCTION app.add(a integer, b integer DEFAULT 3) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT a + b';
CREATE FUNCTION app.add(a text, VARIADIC b text[]) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO 'app', 'pg_temp' SET work_mem = '8MB' AS $$BEGIN RETURN a; END$$;
CREATE FUNCTION app.listed(OUT a integer, OUT b text) RETURNS SETOF record LANGUAGE sql AS 'SELECT 1, ''x''::text';
CREATE FUNCTION app.tabled(m app.mood) RETURNS TABLE(id bigint, name text) LANGUAGE sql AS 'SELECT id, name FROM app.parents WHERE mood = m';
CREATE FUNCTION app.touched() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE FUNCTION app.seen() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN END$$;
CREATE PROCEDURE app.proc(INOUT x integer, y text DEFAULT 'q') LANGUAGE plpgsql AS $$BEGIN x := 1; END$$;
CREATE FUNCTION app.atomic(x integer) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT p.id FROM app.parents p WHERE p.n = atomic.x; END;
CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE FUNCTION app.same(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT $1 = $2';
CREATE OPERATOR app.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = app.same, COMMUTATOR = OPERATOR(app.===));
CREATE FUNCTION app.to_pair(integer) RETURNS app.pair LANGUAGE sql AS 'SELECT ROW($1, ''''::text)::app.pair';
CREATE CAST (integer AS app.pair) WITH FUNCTION app.to_pair(integer) AS ASSIGNMENT;
CREATE OPERATOR FAMILY app.fam USING btree;
CREATE OPERATOR CLASS app.cls FOR TYPE integer USING btree FAMILY app.fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);

CREATE TRIGGER touch BEFORE UPDATE OF name ON app.parents FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name) EXECUTE FUNCTION app.touched('x');
CREATE TRIGGER off AFTER INSERT ON app.children FOR EACH STATEMENT EXECUTE FUNCTION app.touched();
ALTER TABLE app.children DISABLE TRIGGER off;
CREATE TRIGGER rows BEFORE INSERT ON app.parted FOR EACH ROW EXECUTE FUNCTION app.touched();
ALTER TABLE app.parted_2020 DISABLE TRIGGER rows;
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON app.base DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touched();
CREATE EVENT TRIGGER seen ON ddl_command_end WHEN TAG IN ('DROP POLICY') EXECUTE FUNCTION app.seen();
ALTER TABLE app.parents ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.children ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.children FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON app.parents FOR SELECT TO kind_reader, "Odd ""Role""" USING (name = CURRENT_USER OR EXISTS (SELECT 1 FROM app.children c WHERE c.parent = parents.id));
CREATE POLICY ins ON app.parents AS RESTRICTIVE FOR INSERT WITH CHECK (n > 0);
CREATE POLICY "p: 1" ON app.children USING (true);

CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER nowhere OPTIONS (host 'h', secret 'hidden-1');
CREATE USER MAPPING FOR kind_reader SERVER elsewhere OPTIONS (password 'hidden-2');
CREATE FOREIGN TABLE app.far (a integer) SERVER elsewhere OPTIONS (key 'hidden-3');
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert');
CREATE PUBLICATION part FOR TABLE app.parents (id, name) WHERE (id > 3), app.children;
CREATE PUBLICATION whole FOR TABLES IN SCHEMA "Odd: Schema";

ALTER TABLE app.parents OWNER TO kind_owner;
ALTER FUNCTION app.add(integer, integer) OWNER TO kind_owner;
ALTER TYPE app.mood OWNER TO kind_owner;
GRANT USAGE ON SCHEMA app TO kind_reader;
GRANT ALL ON TABLE app.parents TO kind_reader;
GRANT SELECT ON TABLE app.children TO PUBLIC;
GRANT SELECT, INSERT ON TABLE app.children TO kind_reader WITH GRANT OPTION;
GRANT SELECT (name), UPDATE (n) ON TABLE app.parents TO PUBLIC;
GRANT USAGE ON SEQUENCE app.counter TO kind_reader;
REVOKE ALL ON FUNCTION app.add(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.add(integer, integer) TO kind_reader;
REVOKE USAGE ON TYPE app.mood FROM PUBLIC;
REVOKE ALL ON TABLE app.cache FROM CURRENT_USER;
GRANT USAGE ON FOREIGN SERVER elsewhere TO kind_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE kind_owner IN SCHEMA app GRANT SELECT ON TABLES TO kind_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE kind_owner IN SCHEMA app GRANT ALL ON SEQUENCES TO kind_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE kind_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
COMMENT ON TABLE app.parents IS 'never told';
