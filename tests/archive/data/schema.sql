CREATE ROLE app_owner; CREATE ROLE "Reader One"; CREATE ROLE batch LOGIN;
GRANT app_owner TO batch;
CREATE SCHEMA app AUTHORIZATION app_owner;
CREATE TYPE app.mood AS ENUM ('sad','ok');
CREATE TABLE app.users (id bigint generated always as identity primary key, name text not null, mood app.mood, bio text);
ALTER TABLE app.users OWNER TO app_owner;
CREATE TABLE public."Odd Name" ("A;b" int, "select" text, x bytea);
CREATE TABLE public."user" (id serial primary key, owner bigint references app.users(id), note varchar(20) default 'a;b''c');
CREATE TABLE public.empty_one (id int);
CREATE TABLE public.parts (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE public.parts_1 PARTITION OF public.parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO app.users(name,mood,bio) SELECT 'user '||i, 'ok', E'-- not a comment\n\\. tab\t'||i FROM generate_series(1,200) i;
INSERT INTO app.users(name,mood,bio) VALUES (E'\\.', NULL, E'COPY x FROM stdin;\n--\n');
INSERT INTO public."Odd Name" SELECT i, E'it''s; -- "x" $$ /* ( '||i, '\x0001ff' FROM generate_series(1,5) i;
INSERT INTO public."user"(owner) SELECT i FROM generate_series(1,3) i;
INSERT INTO public.parts SELECT 1,'2026-01-05' FROM generate_series(1,4);
CREATE FUNCTION public.atomic_sum(a int, b int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN a + b ELSE (SELECT 1) END; SELECT 2; END;
CREATE FUNCTION public.body() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
/*
COPY x FROM stdin;
\.
*/
  RETURN NEW; -- $$ ' "
END $fn$;
CREATE PROCEDURE public.proc() LANGUAGE plpgsql AS 'begin null; end';
CREATE TRIGGER trg BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION public.body();
CREATE VIEW app.v AS SELECT id, name FROM app.users;
CREATE MATERIALIZED VIEW app.mv AS SELECT count(*) c FROM app.users;
CREATE INDEX users_name ON app.users (name) WHERE name <> ';';
ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;
CREATE POLICY "may read" ON app.users FOR SELECT TO "Reader One", batch USING (name <> 'x;y');
GRANT SELECT ON app.users TO "Reader One" WITH GRANT OPTION;
GRANT USAGE ON SCHEMA app TO PUBLIC, batch;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA app GRANT SELECT ON TABLES TO batch;
COMMENT ON TABLE app.users IS 'a; comment ''x''';
COMMENT ON COLUMN app.users.name IS E'line\nbreak';
CREATE PUBLICATION pub FOR TABLE app.users;
CREATE SEQUENCE public.loose START 5; SELECT nextval('public.loose');
CREATE STATISTICS public.st ON id, owner FROM public."user";
CREATE DOMAIN app.dom AS text CHECK (VALUE <> '');
CREATE AGGREGATE public.agg(int) (sfunc = int4pl, stype = int);
CREATE FUNCTION public.evt() RETURNS event_trigger LANGUAGE plpgsql AS $$begin end$$;
CREATE EVENT TRIGGER evt ON ddl_command_end EXECUTE FUNCTION public.evt();
SELECT lo_from_bytea(4242, decode(repeat('00ff5c27', 5000), 'hex'));
SELECT lo_from_bytea(4243, 'small');
GRANT SELECT ON LARGE OBJECT 4242 TO batch;
COMMENT ON LARGE OBJECT 4243 IS 'lo';
