


SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;


CREATE SCHEMA IF NOT EXISTS "app";


ALTER SCHEMA "app" OWNER TO "app_owner";


COMMENT ON SCHEMA "public" IS 'standard public schema';



CREATE DOMAIN "app"."dom" AS "text"
	CONSTRAINT "dom_check" CHECK ((VALUE <> ''::"text"));


ALTER DOMAIN "app"."dom" OWNER TO "postgres";


CREATE TYPE "app"."mood" AS ENUM (
    'sad',
    'ok'
);


ALTER TYPE "app"."mood" OWNER TO "postgres";


CREATE FUNCTION "public"."atomic_sum"("a" integer, "b" integer) RETURNS integer
    LANGUAGE "sql"
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN ("a" > 1) THEN ("a" + "b")
             ELSE ( SELECT 1)
         END;
 SELECT 2;
END;


ALTER FUNCTION "public"."atomic_sum"("a" integer, "b" integer) OWNER TO "postgres";


CREATE FUNCTION "public"."body"() RETURNS "trigger"
    LANGUAGE "plpgsql"
    AS $_$
BEGIN
/*
COPY x FROM stdin;
\.
*/
  RETURN NEW; -- $$ ' "
END $_$;


ALTER FUNCTION "public"."body"() OWNER TO "postgres";


CREATE FUNCTION "public"."evt"() RETURNS "event_trigger"
    LANGUAGE "plpgsql"
    AS $$begin end$$;


ALTER FUNCTION "public"."evt"() OWNER TO "postgres";


CREATE PROCEDURE "public"."proc"()
    LANGUAGE "plpgsql"
    AS $$begin null; end$$;


ALTER PROCEDURE "public"."proc"() OWNER TO "postgres";


CREATE AGGREGATE "public"."agg"(integer) (
    SFUNC = "int4pl",
    STYPE = integer
);


ALTER AGGREGATE "public"."agg"(integer) OWNER TO "postgres";

SET default_tablespace = '';

SET default_table_access_method = "heap";


CREATE TABLE IF NOT EXISTS "app"."users" (
    "id" bigint NOT NULL,
    "name" "text" NOT NULL,
    "mood" "app"."mood",
    "bio" "text"
);


ALTER TABLE "app"."users" OWNER TO "app_owner";


COMMENT ON TABLE "app"."users" IS 'a; comment ''x''';



COMMENT ON COLUMN "app"."users"."name" IS 'line
break';



CREATE MATERIALIZED VIEW "app"."mv" AS
 SELECT "count"(*) AS "c"
   FROM "app"."users"
  WITH NO DATA;


ALTER MATERIALIZED VIEW "app"."mv" OWNER TO "postgres";


ALTER TABLE "app"."users" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME "app"."users_id_seq"
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);



CREATE VIEW "app"."v" AS
 SELECT "id",
    "name"
   FROM "app"."users";


ALTER VIEW "app"."v" OWNER TO "postgres";


CREATE TABLE IF NOT EXISTS "public"."Odd Name" (
    "A;b" integer,
    "select" "text",
    "x" "bytea"
);


ALTER TABLE "public"."Odd Name" OWNER TO "postgres";


CREATE TABLE IF NOT EXISTS "public"."empty_one" (
    "id" integer
);


ALTER TABLE "public"."empty_one" OWNER TO "postgres";


CREATE SEQUENCE "public"."loose"
    START WITH 5
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE "public"."loose" OWNER TO "postgres";


CREATE TABLE IF NOT EXISTS "public"."parts" (
    "id" integer,
    "at" "date"
)
PARTITION BY RANGE ("at");


ALTER TABLE "public"."parts" OWNER TO "postgres";


CREATE TABLE IF NOT EXISTS "public"."parts_1" (
    "id" integer,
    "at" "date"
);


ALTER TABLE "public"."parts_1" OWNER TO "postgres";


CREATE TABLE IF NOT EXISTS "public"."user" (
    "id" integer NOT NULL,
    "owner" bigint,
    "note" character varying(20) DEFAULT 'a;b''c'::character varying
);


ALTER TABLE "public"."user" OWNER TO "postgres";


CREATE SEQUENCE "public"."user_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE "public"."user_id_seq" OWNER TO "postgres";


ALTER SEQUENCE "public"."user_id_seq" OWNED BY "public"."user"."id";



ALTER TABLE ONLY "public"."parts" ATTACH PARTITION "public"."parts_1" FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');



ALTER TABLE ONLY "public"."user" ALTER COLUMN "id" SET DEFAULT "nextval"('"public"."user_id_seq"'::"regclass");



ALTER TABLE ONLY "app"."users"
    ADD CONSTRAINT "users_pkey" PRIMARY KEY ("id");



ALTER TABLE ONLY "public"."user"
    ADD CONSTRAINT "user_pkey" PRIMARY KEY ("id");



CREATE INDEX "users_name" ON "app"."users" USING "btree" ("name") WHERE ("name" <> ';'::"text");



CREATE STATISTICS "public"."st" ON "id", "owner" FROM "public"."user";


ALTER STATISTICS "public"."st" OWNER TO "postgres";


CREATE TRIGGER "trg" BEFORE UPDATE ON "app"."users" FOR EACH ROW EXECUTE FUNCTION "public"."body"();



ALTER TABLE ONLY "public"."user"
    ADD CONSTRAINT "user_owner_fkey" FOREIGN KEY ("owner") REFERENCES "app"."users"("id");



CREATE POLICY "may read" ON "app"."users" FOR SELECT TO "Reader One", "batch" USING (("name" <> 'x;y'::"text"));



ALTER TABLE "app"."users" ENABLE ROW LEVEL SECURITY;


CREATE PUBLICATION "pub" WITH (publish = 'insert, update, delete, truncate');


ALTER PUBLICATION "pub" OWNER TO "postgres";


ALTER PUBLICATION "pub" ADD TABLE ONLY "app"."users";



GRANT USAGE ON SCHEMA "app" TO PUBLIC;
GRANT USAGE ON SCHEMA "app" TO "batch";



GRANT SELECT ON TABLE "app"."users" TO "Reader One" WITH GRANT OPTION;



ALTER DEFAULT PRIVILEGES FOR ROLE "app_owner" IN SCHEMA "app" GRANT SELECT ON TABLES TO "batch";



   EXECUTE FUNCTION "public"."evt"();


ALTER EVENT TRIGGER "evt" OWNER TO "postgres";



RESET ALL;
