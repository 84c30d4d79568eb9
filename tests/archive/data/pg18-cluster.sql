--
-- PostgreSQL database cluster dump
--

\restrict wgabmBY33k8Wv81LjQn9B78ipTR9A6MqmwFh1WZDYvCZZ5YhOG3J35e5oEOL9bK

SET default_transaction_read_only = off;

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

--
-- Roles
--

CREATE ROLE "Reader One";
ALTER ROLE "Reader One" WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE app_owner;
ALTER ROLE app_owner WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE batch;
ALTER ROLE batch WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE postgres;
ALTER ROLE postgres WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS;

--
-- User Configurations
--


--
-- Role memberships
--

GRANT app_owner TO batch WITH INHERIT TRUE GRANTED BY postgres;






\unrestrict wgabmBY33k8Wv81LjQn9B78ipTR9A6MqmwFh1WZDYvCZZ5YhOG3J35e5oEOL9bK

--
-- Databases
--

--
-- Database "template1" dump
--

\connect template1

--
-- PostgreSQL database dump
--

\restrict yzUn7UMShXDH8ehcH0MPv1zJAo2rN5yclbYrHJLJ04f9SENPNfYmIuqbxrcwtjQ

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

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

--
-- PostgreSQL database dump complete
--

\unrestrict yzUn7UMShXDH8ehcH0MPv1zJAo2rN5yclbYrHJLJ04f9SENPNfYmIuqbxrcwtjQ

--
-- Database "app" dump
--

--
-- PostgreSQL database dump
--

\restrict UK2nMPZturYuI7k2Ux8j4WK3VZT24TdTh7A9YTb8mTbeP4lcolSKxjObFy8Aozy

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

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

--
-- Name: app; Type: DATABASE; Schema: -; Owner: postgres
--

CREATE DATABASE app WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C.UTF-8';


ALTER DATABASE app OWNER TO postgres;

\unrestrict UK2nMPZturYuI7k2Ux8j4WK3VZT24TdTh7A9YTb8mTbeP4lcolSKxjObFy8Aozy
\connect app
\restrict UK2nMPZturYuI7k2Ux8j4WK3VZT24TdTh7A9YTb8mTbeP4lcolSKxjObFy8Aozy

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

--
-- Name: app; Type: SCHEMA; Schema: -; Owner: app_owner
--

CREATE SCHEMA app;


ALTER SCHEMA app OWNER TO app_owner;

--
-- Name: dom; Type: DOMAIN; Schema: app; Owner: postgres
--

CREATE DOMAIN app.dom AS text
	CONSTRAINT dom_check CHECK ((VALUE <> ''::text));


ALTER DOMAIN app.dom OWNER TO postgres;

--
-- Name: mood; Type: TYPE; Schema: app; Owner: postgres
--

CREATE TYPE app.mood AS ENUM (
    'sad',
    'ok'
);


ALTER TYPE app.mood OWNER TO postgres;

--
-- Name: atomic_sum(integer, integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.atomic_sum(a integer, b integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (a > 1) THEN (a + b)
             ELSE ( SELECT 1)
         END;
 SELECT 2;
END;


ALTER FUNCTION public.atomic_sum(a integer, b integer) OWNER TO postgres;

--
-- Name: body(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.body() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
BEGIN
/*
COPY x FROM stdin;
\.
*/
  RETURN NEW; -- $$ ' "
END $_$;


ALTER FUNCTION public.body() OWNER TO postgres;

--
-- Name: evt(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.evt() RETURNS event_trigger
    LANGUAGE plpgsql
    AS $$begin end$$;


ALTER FUNCTION public.evt() OWNER TO postgres;

--
-- Name: proc(); Type: PROCEDURE; Schema: public; Owner: postgres
--

CREATE PROCEDURE public.proc()
    LANGUAGE plpgsql
    AS $$begin null; end$$;


ALTER PROCEDURE public.proc() OWNER TO postgres;

--
-- Name: agg(integer); Type: AGGREGATE; Schema: public; Owner: postgres
--

CREATE AGGREGATE public.agg(integer) (
    SFUNC = int4pl,
    STYPE = integer
);


ALTER AGGREGATE public.agg(integer) OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: users; Type: TABLE; Schema: app; Owner: app_owner
--

CREATE TABLE app.users (
    id bigint NOT NULL,
    name text NOT NULL,
    mood app.mood,
    bio text
);


ALTER TABLE app.users OWNER TO app_owner;

--
-- Name: TABLE users; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON TABLE app.users IS 'a; comment ''x''';


--
-- Name: COLUMN users.name; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON COLUMN app.users.name IS 'line
break';


--
-- Name: mv; Type: MATERIALIZED VIEW; Schema: app; Owner: postgres
--

CREATE MATERIALIZED VIEW app.mv AS
 SELECT count(*) AS c
   FROM app.users
  WITH NO DATA;


ALTER MATERIALIZED VIEW app.mv OWNER TO postgres;

--
-- Name: users_id_seq; Type: SEQUENCE; Schema: app; Owner: app_owner
--

ALTER TABLE app.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME app.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: v; Type: VIEW; Schema: app; Owner: postgres
--

CREATE VIEW app.v AS
 SELECT id,
    name
   FROM app.users;


ALTER VIEW app.v OWNER TO postgres;

--
-- Name: Odd Name; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."Odd Name" (
    "A;b" integer,
    "select" text,
    x bytea
);


ALTER TABLE public."Odd Name" OWNER TO postgres;

--
-- Name: empty_one; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.empty_one (
    id integer
);


ALTER TABLE public.empty_one OWNER TO postgres;

--
-- Name: loose; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.loose
    START WITH 5
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.loose OWNER TO postgres;

--
-- Name: parts; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.parts (
    id integer,
    at date
)
PARTITION BY RANGE (at);


ALTER TABLE public.parts OWNER TO postgres;

--
-- Name: parts_1; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.parts_1 (
    id integer,
    at date
);


ALTER TABLE public.parts_1 OWNER TO postgres;

--
-- Name: user; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."user" (
    id integer NOT NULL,
    owner bigint,
    note character varying(20) DEFAULT 'a;b''c'::character varying
);


ALTER TABLE public."user" OWNER TO postgres;

--
-- Name: user_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.user_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.user_id_seq OWNER TO postgres;

--
-- Name: user_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.user_id_seq OWNED BY public."user".id;


--
-- Name: parts_1; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.parts ATTACH PARTITION public.parts_1 FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');


--
-- Name: user id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."user" ALTER COLUMN id SET DEFAULT nextval('public.user_id_seq'::regclass);


--
-- Data for Name: users; Type: TABLE DATA; Schema: app; Owner: app_owner
--

COPY app.users (id, name, mood, bio) FROM stdin;
1	user 1	ok	-- not a comment\n\\. tab\t1
2	user 2	ok	-- not a comment\n\\. tab\t2
3	user 3	ok	-- not a comment\n\\. tab\t3
4	user 4	ok	-- not a comment\n\\. tab\t4
5	user 5	ok	-- not a comment\n\\. tab\t5
6	user 6	ok	-- not a comment\n\\. tab\t6
7	user 7	ok	-- not a comment\n\\. tab\t7
8	user 8	ok	-- not a comment\n\\. tab\t8
9	user 9	ok	-- not a comment\n\\. tab\t9
10	user 10	ok	-- not a comment\n\\. tab\t10
11	user 11	ok	-- not a comment\n\\. tab\t11
12	user 12	ok	-- not a comment\n\\. tab\t12
13	user 13	ok	-- not a comment\n\\. tab\t13
14	user 14	ok	-- not a comment\n\\. tab\t14
15	user 15	ok	-- not a comment\n\\. tab\t15
16	user 16	ok	-- not a comment\n\\. tab\t16
17	user 17	ok	-- not a comment\n\\. tab\t17
18	user 18	ok	-- not a comment\n\\. tab\t18
19	user 19	ok	-- not a comment\n\\. tab\t19
20	user 20	ok	-- not a comment\n\\. tab\t20
21	user 21	ok	-- not a comment\n\\. tab\t21
22	user 22	ok	-- not a comment\n\\. tab\t22
23	user 23	ok	-- not a comment\n\\. tab\t23
24	user 24	ok	-- not a comment\n\\. tab\t24
25	user 25	ok	-- not a comment\n\\. tab\t25
26	user 26	ok	-- not a comment\n\\. tab\t26
27	user 27	ok	-- not a comment\n\\. tab\t27
28	user 28	ok	-- not a comment\n\\. tab\t28
29	user 29	ok	-- not a comment\n\\. tab\t29
30	user 30	ok	-- not a comment\n\\. tab\t30
31	user 31	ok	-- not a comment\n\\. tab\t31
32	user 32	ok	-- not a comment\n\\. tab\t32
33	user 33	ok	-- not a comment\n\\. tab\t33
34	user 34	ok	-- not a comment\n\\. tab\t34
35	user 35	ok	-- not a comment\n\\. tab\t35
36	user 36	ok	-- not a comment\n\\. tab\t36
37	user 37	ok	-- not a comment\n\\. tab\t37
38	user 38	ok	-- not a comment\n\\. tab\t38
39	user 39	ok	-- not a comment\n\\. tab\t39
40	user 40	ok	-- not a comment\n\\. tab\t40
41	user 41	ok	-- not a comment\n\\. tab\t41
42	user 42	ok	-- not a comment\n\\. tab\t42
43	user 43	ok	-- not a comment\n\\. tab\t43
44	user 44	ok	-- not a comment\n\\. tab\t44
45	user 45	ok	-- not a comment\n\\. tab\t45
46	user 46	ok	-- not a comment\n\\. tab\t46
47	user 47	ok	-- not a comment\n\\. tab\t47
48	user 48	ok	-- not a comment\n\\. tab\t48
49	user 49	ok	-- not a comment\n\\. tab\t49
50	user 50	ok	-- not a comment\n\\. tab\t50
51	user 51	ok	-- not a comment\n\\. tab\t51
52	user 52	ok	-- not a comment\n\\. tab\t52
53	user 53	ok	-- not a comment\n\\. tab\t53
54	user 54	ok	-- not a comment\n\\. tab\t54
55	user 55	ok	-- not a comment\n\\. tab\t55
56	user 56	ok	-- not a comment\n\\. tab\t56
57	user 57	ok	-- not a comment\n\\. tab\t57
58	user 58	ok	-- not a comment\n\\. tab\t58
59	user 59	ok	-- not a comment\n\\. tab\t59
60	user 60	ok	-- not a comment\n\\. tab\t60
61	user 61	ok	-- not a comment\n\\. tab\t61
62	user 62	ok	-- not a comment\n\\. tab\t62
63	user 63	ok	-- not a comment\n\\. tab\t63
64	user 64	ok	-- not a comment\n\\. tab\t64
65	user 65	ok	-- not a comment\n\\. tab\t65
66	user 66	ok	-- not a comment\n\\. tab\t66
67	user 67	ok	-- not a comment\n\\. tab\t67
68	user 68	ok	-- not a comment\n\\. tab\t68
69	user 69	ok	-- not a comment\n\\. tab\t69
70	user 70	ok	-- not a comment\n\\. tab\t70
71	user 71	ok	-- not a comment\n\\. tab\t71
72	user 72	ok	-- not a comment\n\\. tab\t72
73	user 73	ok	-- not a comment\n\\. tab\t73
74	user 74	ok	-- not a comment\n\\. tab\t74
75	user 75	ok	-- not a comment\n\\. tab\t75
76	user 76	ok	-- not a comment\n\\. tab\t76
77	user 77	ok	-- not a comment\n\\. tab\t77
78	user 78	ok	-- not a comment\n\\. tab\t78
79	user 79	ok	-- not a comment\n\\. tab\t79
80	user 80	ok	-- not a comment\n\\. tab\t80
81	user 81	ok	-- not a comment\n\\. tab\t81
82	user 82	ok	-- not a comment\n\\. tab\t82
83	user 83	ok	-- not a comment\n\\. tab\t83
84	user 84	ok	-- not a comment\n\\. tab\t84
85	user 85	ok	-- not a comment\n\\. tab\t85
86	user 86	ok	-- not a comment\n\\. tab\t86
87	user 87	ok	-- not a comment\n\\. tab\t87
88	user 88	ok	-- not a comment\n\\. tab\t88
89	user 89	ok	-- not a comment\n\\. tab\t89
90	user 90	ok	-- not a comment\n\\. tab\t90
91	user 91	ok	-- not a comment\n\\. tab\t91
92	user 92	ok	-- not a comment\n\\. tab\t92
93	user 93	ok	-- not a comment\n\\. tab\t93
94	user 94	ok	-- not a comment\n\\. tab\t94
95	user 95	ok	-- not a comment\n\\. tab\t95
96	user 96	ok	-- not a comment\n\\. tab\t96
97	user 97	ok	-- not a comment\n\\. tab\t97
98	user 98	ok	-- not a comment\n\\. tab\t98
99	user 99	ok	-- not a comment\n\\. tab\t99
100	user 100	ok	-- not a comment\n\\. tab\t100
101	user 101	ok	-- not a comment\n\\. tab\t101
102	user 102	ok	-- not a comment\n\\. tab\t102
103	user 103	ok	-- not a comment\n\\. tab\t103
104	user 104	ok	-- not a comment\n\\. tab\t104
105	user 105	ok	-- not a comment\n\\. tab\t105
106	user 106	ok	-- not a comment\n\\. tab\t106
107	user 107	ok	-- not a comment\n\\. tab\t107
108	user 108	ok	-- not a comment\n\\. tab\t108
109	user 109	ok	-- not a comment\n\\. tab\t109
110	user 110	ok	-- not a comment\n\\. tab\t110
111	user 111	ok	-- not a comment\n\\. tab\t111
112	user 112	ok	-- not a comment\n\\. tab\t112
113	user 113	ok	-- not a comment\n\\. tab\t113
114	user 114	ok	-- not a comment\n\\. tab\t114
115	user 115	ok	-- not a comment\n\\. tab\t115
116	user 116	ok	-- not a comment\n\\. tab\t116
117	user 117	ok	-- not a comment\n\\. tab\t117
118	user 118	ok	-- not a comment\n\\. tab\t118
119	user 119	ok	-- not a comment\n\\. tab\t119
120	user 120	ok	-- not a comment\n\\. tab\t120
121	user 121	ok	-- not a comment\n\\. tab\t121
122	user 122	ok	-- not a comment\n\\. tab\t122
123	user 123	ok	-- not a comment\n\\. tab\t123
124	user 124	ok	-- not a comment\n\\. tab\t124
125	user 125	ok	-- not a comment\n\\. tab\t125
126	user 126	ok	-- not a comment\n\\. tab\t126
127	user 127	ok	-- not a comment\n\\. tab\t127
128	user 128	ok	-- not a comment\n\\. tab\t128
129	user 129	ok	-- not a comment\n\\. tab\t129
130	user 130	ok	-- not a comment\n\\. tab\t130
131	user 131	ok	-- not a comment\n\\. tab\t131
132	user 132	ok	-- not a comment\n\\. tab\t132
133	user 133	ok	-- not a comment\n\\. tab\t133
134	user 134	ok	-- not a comment\n\\. tab\t134
135	user 135	ok	-- not a comment\n\\. tab\t135
136	user 136	ok	-- not a comment\n\\. tab\t136
137	user 137	ok	-- not a comment\n\\. tab\t137
138	user 138	ok	-- not a comment\n\\. tab\t138
139	user 139	ok	-- not a comment\n\\. tab\t139
140	user 140	ok	-- not a comment\n\\. tab\t140
141	user 141	ok	-- not a comment\n\\. tab\t141
142	user 142	ok	-- not a comment\n\\. tab\t142
143	user 143	ok	-- not a comment\n\\. tab\t143
144	user 144	ok	-- not a comment\n\\. tab\t144
145	user 145	ok	-- not a comment\n\\. tab\t145
146	user 146	ok	-- not a comment\n\\. tab\t146
147	user 147	ok	-- not a comment\n\\. tab\t147
148	user 148	ok	-- not a comment\n\\. tab\t148
149	user 149	ok	-- not a comment\n\\. tab\t149
150	user 150	ok	-- not a comment\n\\. tab\t150
151	user 151	ok	-- not a comment\n\\. tab\t151
152	user 152	ok	-- not a comment\n\\. tab\t152
153	user 153	ok	-- not a comment\n\\. tab\t153
154	user 154	ok	-- not a comment\n\\. tab\t154
155	user 155	ok	-- not a comment\n\\. tab\t155
156	user 156	ok	-- not a comment\n\\. tab\t156
157	user 157	ok	-- not a comment\n\\. tab\t157
158	user 158	ok	-- not a comment\n\\. tab\t158
159	user 159	ok	-- not a comment\n\\. tab\t159
160	user 160	ok	-- not a comment\n\\. tab\t160
161	user 161	ok	-- not a comment\n\\. tab\t161
162	user 162	ok	-- not a comment\n\\. tab\t162
163	user 163	ok	-- not a comment\n\\. tab\t163
164	user 164	ok	-- not a comment\n\\. tab\t164
165	user 165	ok	-- not a comment\n\\. tab\t165
166	user 166	ok	-- not a comment\n\\. tab\t166
167	user 167	ok	-- not a comment\n\\. tab\t167
168	user 168	ok	-- not a comment\n\\. tab\t168
169	user 169	ok	-- not a comment\n\\. tab\t169
170	user 170	ok	-- not a comment\n\\. tab\t170
171	user 171	ok	-- not a comment\n\\. tab\t171
172	user 172	ok	-- not a comment\n\\. tab\t172
173	user 173	ok	-- not a comment\n\\. tab\t173
174	user 174	ok	-- not a comment\n\\. tab\t174
175	user 175	ok	-- not a comment\n\\. tab\t175
176	user 176	ok	-- not a comment\n\\. tab\t176
177	user 177	ok	-- not a comment\n\\. tab\t177
178	user 178	ok	-- not a comment\n\\. tab\t178
179	user 179	ok	-- not a comment\n\\. tab\t179
180	user 180	ok	-- not a comment\n\\. tab\t180
181	user 181	ok	-- not a comment\n\\. tab\t181
182	user 182	ok	-- not a comment\n\\. tab\t182
183	user 183	ok	-- not a comment\n\\. tab\t183
184	user 184	ok	-- not a comment\n\\. tab\t184
185	user 185	ok	-- not a comment\n\\. tab\t185
186	user 186	ok	-- not a comment\n\\. tab\t186
187	user 187	ok	-- not a comment\n\\. tab\t187
188	user 188	ok	-- not a comment\n\\. tab\t188
189	user 189	ok	-- not a comment\n\\. tab\t189
190	user 190	ok	-- not a comment\n\\. tab\t190
191	user 191	ok	-- not a comment\n\\. tab\t191
192	user 192	ok	-- not a comment\n\\. tab\t192
193	user 193	ok	-- not a comment\n\\. tab\t193
194	user 194	ok	-- not a comment\n\\. tab\t194
195	user 195	ok	-- not a comment\n\\. tab\t195
196	user 196	ok	-- not a comment\n\\. tab\t196
197	user 197	ok	-- not a comment\n\\. tab\t197
198	user 198	ok	-- not a comment\n\\. tab\t198
199	user 199	ok	-- not a comment\n\\. tab\t199
200	user 200	ok	-- not a comment\n\\. tab\t200
201	\\.	\N	COPY x FROM stdin;\n--\n
\.


--
-- Data for Name: Odd Name; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."Odd Name" ("A;b", "select", x) FROM stdin;
1	it's; -- "x" $$ /* ( 1	\\x0001ff
2	it's; -- "x" $$ /* ( 2	\\x0001ff
3	it's; -- "x" $$ /* ( 3	\\x0001ff
4	it's; -- "x" $$ /* ( 4	\\x0001ff
5	it's; -- "x" $$ /* ( 5	\\x0001ff
\.


--
-- Data for Name: empty_one; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.empty_one (id) FROM stdin;
\.


--
-- Data for Name: parts_1; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.parts_1 (id, at) FROM stdin;
1	2026-01-05
1	2026-01-05
1	2026-01-05
1	2026-01-05
\.


--
-- Data for Name: user; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."user" (id, owner, note) FROM stdin;
1	1	a;b'c
2	2	a;b'c
3	3	a;b'c
\.


--
-- Name: users_id_seq; Type: SEQUENCE SET; Schema: app; Owner: app_owner
--

SELECT pg_catalog.setval('app.users_id_seq', 201, true);


--
-- Name: loose; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.loose', 5, true);


--
-- Name: user_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.user_id_seq', 3, true);


--
-- Name: 4242; Type: BLOB METADATA; Schema: -; Owner: postgres
--

SELECT pg_catalog.lo_create('4242');

ALTER LARGE OBJECT 4242 OWNER TO postgres;

--
-- Name: 4243; Type: BLOB METADATA; Schema: -; Owner: postgres
--

SELECT pg_catalog.lo_create('4243');

ALTER LARGE OBJECT 4243 OWNER TO postgres;

--
-- Name: LARGE OBJECT 4243; Type: COMMENT; Schema: -; Owner: postgres
--

COMMENT ON LARGE OBJECT 4243 IS 'lo';


--
-- Data for Name: 4242; Type: BLOBS; Schema: -; Owner: postgres
--

BEGIN;

SELECT pg_catalog.lo_open('4242', 131072);
SELECT pg_catalog.lowrite(0, '\x00ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c27');
SELECT pg_catalog.lowrite(0, '\x00ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c2700ff5c27');
SELECT pg_catalog.lo_close(0);

COMMIT;

--
-- Data for Name: 4243; Type: BLOBS; Schema: -; Owner: postgres
--

BEGIN;

SELECT pg_catalog.lo_open('4243', 131072);
SELECT pg_catalog.lowrite(0, '\x736d616c6c');
SELECT pg_catalog.lo_close(0);

COMMIT;

--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: user user_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (id);


--
-- Name: users_name; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX users_name ON app.users USING btree (name) WHERE (name <> ';'::text);


--
-- Name: st; Type: STATISTICS; Schema: public; Owner: postgres
--

CREATE STATISTICS public.st ON id, owner FROM public."user";


ALTER STATISTICS public.st OWNER TO postgres;

--
-- Name: users trg; Type: TRIGGER; Schema: app; Owner: app_owner
--

CREATE TRIGGER trg BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION public.body();


--
-- Name: user user_owner_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."user"
    ADD CONSTRAINT user_owner_fkey FOREIGN KEY (owner) REFERENCES app.users(id);


--
-- Name: users may read; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY "may read" ON app.users FOR SELECT TO "Reader One", batch USING ((name <> 'x;y'::text));


--
-- Name: users; Type: ROW SECURITY; Schema: app; Owner: app_owner
--

ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;

--
-- Name: pub; Type: PUBLICATION; Schema: -; Owner: postgres
--

CREATE PUBLICATION pub WITH (publish = 'insert, update, delete, truncate');


ALTER PUBLICATION pub OWNER TO postgres;

--
-- Name: pub users; Type: PUBLICATION TABLE; Schema: app; Owner: postgres
--

ALTER PUBLICATION pub ADD TABLE ONLY app.users;


--
-- Name: SCHEMA app; Type: ACL; Schema: -; Owner: app_owner
--

GRANT USAGE ON SCHEMA app TO PUBLIC;
GRANT USAGE ON SCHEMA app TO batch;


--
-- Name: TABLE users; Type: ACL; Schema: app; Owner: app_owner
--

GRANT SELECT ON TABLE app.users TO "Reader One" WITH GRANT OPTION;


--
-- Name: LARGE OBJECT 4242; Type: ACL; Schema: -; Owner: postgres
--

GRANT SELECT ON LARGE OBJECT 4242 TO batch;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: app; Owner: app_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE app_owner IN SCHEMA app GRANT SELECT ON TABLES TO batch;


--
-- Name: evt; Type: EVENT TRIGGER; Schema: -; Owner: postgres
--

CREATE EVENT TRIGGER evt ON ddl_command_end
   EXECUTE FUNCTION public.evt();


ALTER EVENT TRIGGER evt OWNER TO postgres;

--
-- Name: mv; Type: MATERIALIZED VIEW DATA; Schema: app; Owner: postgres
--

REFRESH MATERIALIZED VIEW app.mv;


--
-- PostgreSQL database dump complete
--

\unrestrict UK2nMPZturYuI7k2Ux8j4WK3VZT24TdTh7A9YTb8mTbeP4lcolSKxjObFy8Aozy

--
-- Database "postgres" dump
--

\connect postgres

--
-- PostgreSQL database dump
--

\restrict qBOSb7vZzVkRcK5PtK5FiYM0usb6LWVCf6g1Sr58UsuJIO3ZmSdLveek9i2wniD

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

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

--
-- PostgreSQL database dump complete
--

\unrestrict qBOSb7vZzVkRcK5PtK5FiYM0usb6LWVCf6g1Sr58UsuJIO3ZmSdLveek9i2wniD

--
-- PostgreSQL database cluster dump complete
--

