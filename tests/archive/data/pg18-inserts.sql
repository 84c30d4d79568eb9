--
-- PostgreSQL database dump
--

\restrict n4hfd9Y8dCYU3FUtKrVEr2ffdFqDMwSPbzVmp7JOzLxhcu0KjFn9SkZEoxeWsoZ

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

INSERT INTO app.users OVERRIDING SYSTEM VALUE VALUES
	(1, 'user 1', 'ok', '-- not a comment
\. tab	1'),
	(2, 'user 2', 'ok', '-- not a comment
\. tab	2'),
	(3, 'user 3', 'ok', '-- not a comment
\. tab	3'),
	(4, 'user 4', 'ok', '-- not a comment
\. tab	4'),
	(5, 'user 5', 'ok', '-- not a comment
\. tab	5'),
	(6, 'user 6', 'ok', '-- not a comment
\. tab	6'),
	(7, 'user 7', 'ok', '-- not a comment
\. tab	7'),
	(8, 'user 8', 'ok', '-- not a comment
\. tab	8'),
	(9, 'user 9', 'ok', '-- not a comment
\. tab	9'),
	(10, 'user 10', 'ok', '-- not a comment
\. tab	10'),
	(11, 'user 11', 'ok', '-- not a comment
\. tab	11'),
	(12, 'user 12', 'ok', '-- not a comment
\. tab	12'),
	(13, 'user 13', 'ok', '-- not a comment
\. tab	13'),
	(14, 'user 14', 'ok', '-- not a comment
\. tab	14'),
	(15, 'user 15', 'ok', '-- not a comment
\. tab	15'),
	(16, 'user 16', 'ok', '-- not a comment
\. tab	16'),
	(17, 'user 17', 'ok', '-- not a comment
\. tab	17'),
	(18, 'user 18', 'ok', '-- not a comment
\. tab	18'),
	(19, 'user 19', 'ok', '-- not a comment
\. tab	19'),
	(20, 'user 20', 'ok', '-- not a comment
\. tab	20'),
	(21, 'user 21', 'ok', '-- not a comment
\. tab	21'),
	(22, 'user 22', 'ok', '-- not a comment
\. tab	22'),
	(23, 'user 23', 'ok', '-- not a comment
\. tab	23'),
	(24, 'user 24', 'ok', '-- not a comment
\. tab	24'),
	(25, 'user 25', 'ok', '-- not a comment
\. tab	25'),
	(26, 'user 26', 'ok', '-- not a comment
\. tab	26'),
	(27, 'user 27', 'ok', '-- not a comment
\. tab	27'),
	(28, 'user 28', 'ok', '-- not a comment
\. tab	28'),
	(29, 'user 29', 'ok', '-- not a comment
\. tab	29'),
	(30, 'user 30', 'ok', '-- not a comment
\. tab	30'),
	(31, 'user 31', 'ok', '-- not a comment
\. tab	31'),
	(32, 'user 32', 'ok', '-- not a comment
\. tab	32'),
	(33, 'user 33', 'ok', '-- not a comment
\. tab	33'),
	(34, 'user 34', 'ok', '-- not a comment
\. tab	34'),
	(35, 'user 35', 'ok', '-- not a comment
\. tab	35'),
	(36, 'user 36', 'ok', '-- not a comment
\. tab	36'),
	(37, 'user 37', 'ok', '-- not a comment
\. tab	37'),
	(38, 'user 38', 'ok', '-- not a comment
\. tab	38'),
	(39, 'user 39', 'ok', '-- not a comment
\. tab	39'),
	(40, 'user 40', 'ok', '-- not a comment
\. tab	40'),
	(41, 'user 41', 'ok', '-- not a comment
\. tab	41'),
	(42, 'user 42', 'ok', '-- not a comment
\. tab	42'),
	(43, 'user 43', 'ok', '-- not a comment
\. tab	43'),
	(44, 'user 44', 'ok', '-- not a comment
\. tab	44'),
	(45, 'user 45', 'ok', '-- not a comment
\. tab	45'),
	(46, 'user 46', 'ok', '-- not a comment
\. tab	46'),
	(47, 'user 47', 'ok', '-- not a comment
\. tab	47'),
	(48, 'user 48', 'ok', '-- not a comment
\. tab	48'),
	(49, 'user 49', 'ok', '-- not a comment
\. tab	49'),
	(50, 'user 50', 'ok', '-- not a comment
\. tab	50');
INSERT INTO app.users OVERRIDING SYSTEM VALUE VALUES
	(51, 'user 51', 'ok', '-- not a comment
\. tab	51'),
	(52, 'user 52', 'ok', '-- not a comment
\. tab	52'),
	(53, 'user 53', 'ok', '-- not a comment
\. tab	53'),
	(54, 'user 54', 'ok', '-- not a comment
\. tab	54'),
	(55, 'user 55', 'ok', '-- not a comment
\. tab	55'),
	(56, 'user 56', 'ok', '-- not a comment
\. tab	56'),
	(57, 'user 57', 'ok', '-- not a comment
\. tab	57'),
	(58, 'user 58', 'ok', '-- not a comment
\. tab	58'),
	(59, 'user 59', 'ok', '-- not a comment
\. tab	59'),
	(60, 'user 60', 'ok', '-- not a comment
\. tab	60'),
	(61, 'user 61', 'ok', '-- not a comment
\. tab	61'),
	(62, 'user 62', 'ok', '-- not a comment
\. tab	62'),
	(63, 'user 63', 'ok', '-- not a comment
\. tab	63'),
	(64, 'user 64', 'ok', '-- not a comment
\. tab	64'),
	(65, 'user 65', 'ok', '-- not a comment
\. tab	65'),
	(66, 'user 66', 'ok', '-- not a comment
\. tab	66'),
	(67, 'user 67', 'ok', '-- not a comment
\. tab	67'),
	(68, 'user 68', 'ok', '-- not a comment
\. tab	68'),
	(69, 'user 69', 'ok', '-- not a comment
\. tab	69'),
	(70, 'user 70', 'ok', '-- not a comment
\. tab	70'),
	(71, 'user 71', 'ok', '-- not a comment
\. tab	71'),
	(72, 'user 72', 'ok', '-- not a comment
\. tab	72'),
	(73, 'user 73', 'ok', '-- not a comment
\. tab	73'),
	(74, 'user 74', 'ok', '-- not a comment
\. tab	74'),
	(75, 'user 75', 'ok', '-- not a comment
\. tab	75'),
	(76, 'user 76', 'ok', '-- not a comment
\. tab	76'),
	(77, 'user 77', 'ok', '-- not a comment
\. tab	77'),
	(78, 'user 78', 'ok', '-- not a comment
\. tab	78'),
	(79, 'user 79', 'ok', '-- not a comment
\. tab	79'),
	(80, 'user 80', 'ok', '-- not a comment
\. tab	80'),
	(81, 'user 81', 'ok', '-- not a comment
\. tab	81'),
	(82, 'user 82', 'ok', '-- not a comment
\. tab	82'),
	(83, 'user 83', 'ok', '-- not a comment
\. tab	83'),
	(84, 'user 84', 'ok', '-- not a comment
\. tab	84'),
	(85, 'user 85', 'ok', '-- not a comment
\. tab	85'),
	(86, 'user 86', 'ok', '-- not a comment
\. tab	86'),
	(87, 'user 87', 'ok', '-- not a comment
\. tab	87'),
	(88, 'user 88', 'ok', '-- not a comment
\. tab	88'),
	(89, 'user 89', 'ok', '-- not a comment
\. tab	89'),
	(90, 'user 90', 'ok', '-- not a comment
\. tab	90'),
	(91, 'user 91', 'ok', '-- not a comment
\. tab	91'),
	(92, 'user 92', 'ok', '-- not a comment
\. tab	92'),
	(93, 'user 93', 'ok', '-- not a comment
\. tab	93'),
	(94, 'user 94', 'ok', '-- not a comment
\. tab	94'),
	(95, 'user 95', 'ok', '-- not a comment
\. tab	95'),
	(96, 'user 96', 'ok', '-- not a comment
\. tab	96'),
	(97, 'user 97', 'ok', '-- not a comment
\. tab	97'),
	(98, 'user 98', 'ok', '-- not a comment
\. tab	98'),
	(99, 'user 99', 'ok', '-- not a comment
\. tab	99'),
	(100, 'user 100', 'ok', '-- not a comment
\. tab	100');
INSERT INTO app.users OVERRIDING SYSTEM VALUE VALUES
	(101, 'user 101', 'ok', '-- not a comment
\. tab	101'),
	(102, 'user 102', 'ok', '-- not a comment
\. tab	102'),
	(103, 'user 103', 'ok', '-- not a comment
\. tab	103'),
	(104, 'user 104', 'ok', '-- not a comment
\. tab	104'),
	(105, 'user 105', 'ok', '-- not a comment
\. tab	105'),
	(106, 'user 106', 'ok', '-- not a comment
\. tab	106'),
	(107, 'user 107', 'ok', '-- not a comment
\. tab	107'),
	(108, 'user 108', 'ok', '-- not a comment
\. tab	108'),
	(109, 'user 109', 'ok', '-- not a comment
\. tab	109'),
	(110, 'user 110', 'ok', '-- not a comment
\. tab	110'),
	(111, 'user 111', 'ok', '-- not a comment
\. tab	111'),
	(112, 'user 112', 'ok', '-- not a comment
\. tab	112'),
	(113, 'user 113', 'ok', '-- not a comment
\. tab	113'),
	(114, 'user 114', 'ok', '-- not a comment
\. tab	114'),
	(115, 'user 115', 'ok', '-- not a comment
\. tab	115'),
	(116, 'user 116', 'ok', '-- not a comment
\. tab	116'),
	(117, 'user 117', 'ok', '-- not a comment
\. tab	117'),
	(118, 'user 118', 'ok', '-- not a comment
\. tab	118'),
	(119, 'user 119', 'ok', '-- not a comment
\. tab	119'),
	(120, 'user 120', 'ok', '-- not a comment
\. tab	120'),
	(121, 'user 121', 'ok', '-- not a comment
\. tab	121'),
	(122, 'user 122', 'ok', '-- not a comment
\. tab	122'),
	(123, 'user 123', 'ok', '-- not a comment
\. tab	123'),
	(124, 'user 124', 'ok', '-- not a comment
\. tab	124'),
	(125, 'user 125', 'ok', '-- not a comment
\. tab	125'),
	(126, 'user 126', 'ok', '-- not a comment
\. tab	126'),
	(127, 'user 127', 'ok', '-- not a comment
\. tab	127'),
	(128, 'user 128', 'ok', '-- not a comment
\. tab	128'),
	(129, 'user 129', 'ok', '-- not a comment
\. tab	129'),
	(130, 'user 130', 'ok', '-- not a comment
\. tab	130'),
	(131, 'user 131', 'ok', '-- not a comment
\. tab	131'),
	(132, 'user 132', 'ok', '-- not a comment
\. tab	132'),
	(133, 'user 133', 'ok', '-- not a comment
\. tab	133'),
	(134, 'user 134', 'ok', '-- not a comment
\. tab	134'),
	(135, 'user 135', 'ok', '-- not a comment
\. tab	135'),
	(136, 'user 136', 'ok', '-- not a comment
\. tab	136'),
	(137, 'user 137', 'ok', '-- not a comment
\. tab	137'),
	(138, 'user 138', 'ok', '-- not a comment
\. tab	138'),
	(139, 'user 139', 'ok', '-- not a comment
\. tab	139'),
	(140, 'user 140', 'ok', '-- not a comment
\. tab	140'),
	(141, 'user 141', 'ok', '-- not a comment
\. tab	141'),
	(142, 'user 142', 'ok', '-- not a comment
\. tab	142'),
	(143, 'user 143', 'ok', '-- not a comment
\. tab	143'),
	(144, 'user 144', 'ok', '-- not a comment
\. tab	144'),
	(145, 'user 145', 'ok', '-- not a comment
\. tab	145'),
	(146, 'user 146', 'ok', '-- not a comment
\. tab	146'),
	(147, 'user 147', 'ok', '-- not a comment
\. tab	147'),
	(148, 'user 148', 'ok', '-- not a comment
\. tab	148'),
	(149, 'user 149', 'ok', '-- not a comment
\. tab	149'),
	(150, 'user 150', 'ok', '-- not a comment
\. tab	150');
INSERT INTO app.users OVERRIDING SYSTEM VALUE VALUES
	(151, 'user 151', 'ok', '-- not a comment
\. tab	151'),
	(152, 'user 152', 'ok', '-- not a comment
\. tab	152'),
	(153, 'user 153', 'ok', '-- not a comment
\. tab	153'),
	(154, 'user 154', 'ok', '-- not a comment
\. tab	154'),
	(155, 'user 155', 'ok', '-- not a comment
\. tab	155'),
	(156, 'user 156', 'ok', '-- not a comment
\. tab	156'),
	(157, 'user 157', 'ok', '-- not a comment
\. tab	157'),
	(158, 'user 158', 'ok', '-- not a comment
\. tab	158'),
	(159, 'user 159', 'ok', '-- not a comment
\. tab	159'),
	(160, 'user 160', 'ok', '-- not a comment
\. tab	160'),
	(161, 'user 161', 'ok', '-- not a comment
\. tab	161'),
	(162, 'user 162', 'ok', '-- not a comment
\. tab	162'),
	(163, 'user 163', 'ok', '-- not a comment
\. tab	163'),
	(164, 'user 164', 'ok', '-- not a comment
\. tab	164'),
	(165, 'user 165', 'ok', '-- not a comment
\. tab	165'),
	(166, 'user 166', 'ok', '-- not a comment
\. tab	166'),
	(167, 'user 167', 'ok', '-- not a comment
\. tab	167'),
	(168, 'user 168', 'ok', '-- not a comment
\. tab	168'),
	(169, 'user 169', 'ok', '-- not a comment
\. tab	169'),
	(170, 'user 170', 'ok', '-- not a comment
\. tab	170'),
	(171, 'user 171', 'ok', '-- not a comment
\. tab	171'),
	(172, 'user 172', 'ok', '-- not a comment
\. tab	172'),
	(173, 'user 173', 'ok', '-- not a comment
\. tab	173'),
	(174, 'user 174', 'ok', '-- not a comment
\. tab	174'),
	(175, 'user 175', 'ok', '-- not a comment
\. tab	175'),
	(176, 'user 176', 'ok', '-- not a comment
\. tab	176'),
	(177, 'user 177', 'ok', '-- not a comment
\. tab	177'),
	(178, 'user 178', 'ok', '-- not a comment
\. tab	178'),
	(179, 'user 179', 'ok', '-- not a comment
\. tab	179'),
	(180, 'user 180', 'ok', '-- not a comment
\. tab	180'),
	(181, 'user 181', 'ok', '-- not a comment
\. tab	181'),
	(182, 'user 182', 'ok', '-- not a comment
\. tab	182'),
	(183, 'user 183', 'ok', '-- not a comment
\. tab	183'),
	(184, 'user 184', 'ok', '-- not a comment
\. tab	184'),
	(185, 'user 185', 'ok', '-- not a comment
\. tab	185'),
	(186, 'user 186', 'ok', '-- not a comment
\. tab	186'),
	(187, 'user 187', 'ok', '-- not a comment
\. tab	187'),
	(188, 'user 188', 'ok', '-- not a comment
\. tab	188'),
	(189, 'user 189', 'ok', '-- not a comment
\. tab	189'),
	(190, 'user 190', 'ok', '-- not a comment
\. tab	190'),
	(191, 'user 191', 'ok', '-- not a comment
\. tab	191'),
	(192, 'user 192', 'ok', '-- not a comment
\. tab	192'),
	(193, 'user 193', 'ok', '-- not a comment
\. tab	193'),
	(194, 'user 194', 'ok', '-- not a comment
\. tab	194'),
	(195, 'user 195', 'ok', '-- not a comment
\. tab	195'),
	(196, 'user 196', 'ok', '-- not a comment
\. tab	196'),
	(197, 'user 197', 'ok', '-- not a comment
\. tab	197'),
	(198, 'user 198', 'ok', '-- not a comment
\. tab	198'),
	(199, 'user 199', 'ok', '-- not a comment
\. tab	199'),
	(200, 'user 200', 'ok', '-- not a comment
\. tab	200');
INSERT INTO app.users OVERRIDING SYSTEM VALUE VALUES
	(201, '\.', NULL, 'COPY x FROM stdin;
--
');


--
-- Data for Name: Odd Name; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public."Odd Name" VALUES
	(1, 'it''s; -- "x" $$ /* ( 1', '\x0001ff'),
	(2, 'it''s; -- "x" $$ /* ( 2', '\x0001ff'),
	(3, 'it''s; -- "x" $$ /* ( 3', '\x0001ff'),
	(4, 'it''s; -- "x" $$ /* ( 4', '\x0001ff'),
	(5, 'it''s; -- "x" $$ /* ( 5', '\x0001ff');


--
-- Data for Name: empty_one; Type: TABLE DATA; Schema: public; Owner: postgres
--



--
-- Data for Name: parts_1; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.parts_1 VALUES
	(1, '2026-01-05'),
	(1, '2026-01-05'),
	(1, '2026-01-05'),
	(1, '2026-01-05');


--
-- Data for Name: user; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public."user" VALUES
	(1, 1, 'a;b''c'),
	(2, 2, 'a;b''c'),
	(3, 3, 'a;b''c');


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

\unrestrict n4hfd9Y8dCYU3FUtKrVEr2ffdFqDMwSPbzVmp7JOzLxhcu0KjFn9SkZEoxeWsoZ

