-- The rows. The setting benchmark.megabytes says how much plain SQL they are to make, and
-- benchmark.words of which words.
-- Nothing is random: each value follows from its row's number, so that every run has the same rows.

SET work_mem = '256MB';
SET max_parallel_workers_per_gather = 0;

CREATE FUNCTION pg_temp.pick(number bigint, seed bigint, among bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(number, seed) & 9223372036854775807) % among $$;
CREATE FUNCTION pg_temp.key(of text, number bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE AS $$ SELECT md5(of || number)::uuid $$;
CREATE FUNCTION pg_temp.at(number bigint, seed bigint) RETURNS timestamptz
    LANGUAGE sql STABLE AS $$
        SELECT timestamptz '2025-01-01 00:00:00+00' + pg_temp.pick(number, seed, 60000000000) * interval '1 millisecond'
    $$;

-- Those of words.txt, the common ones first.
CREATE TEMP TABLE words AS
    SELECT number - 1 AS id, word
    FROM regexp_split_to_table(current_setting('benchmark.words'), ' ') WITH ORDINALITY AS word (word, number);

-- Common words come up more often than rare ones, as in speech.
CREATE TEMP TABLE phrases AS
    SELECT phrase AS id, string_agg(word, ' ' ORDER BY place) AS text
    FROM generate_series(0, 65535) phrase
    CROSS JOIN generate_series(1, 18) place
    CROSS JOIN (SELECT count(*) AS among FROM words) many
    JOIN words ON words.id = least(
        pg_temp.pick(phrase * 32 + place, 1, among), pg_temp.pick(phrase * 32 + place, 2, among)
    )
    GROUP BY phrase;
ANALYZE words, phrases;

-- How many rows of each table there are.
CREATE TEMP TABLE sizes AS
    SELECT
        greatest(1, 5 * mb)::bigint AS organizations,
        greatest(1, 30 * mb)::bigint AS locations,
        greatest(1, 340 * mb)::bigint AS users,
        greatest(1, 150 * mb)::bigint AS agents,
        greatest(1, 340 * mb)::bigint AS numbers,
        greatest(1, 670 * mb)::bigint AS calls,
        greatest(1, 2700 * mb)::bigint AS events,
        greatest(1, 240 * mb)::bigint AS documents
    FROM (SELECT current_setting('benchmark.megabytes')::numeric AS mb) asked;

INSERT INTO public.organizations
    SELECT pg_temp.key('organization', i), initcap(left(text, 24)),
        (ARRAY['starter', 'growth', 'enterprise'])[1 + pg_temp.pick(i, 10, 3)], pg_temp.at(i, 11)
    FROM sizes, generate_series(1, organizations) i
    JOIN phrases ON id = pg_temp.pick(i, 12, 65536)
    ORDER BY i;

INSERT INTO public.locations
    SELECT pg_temp.key('location', i), pg_temp.key('organization', 1 + pg_temp.pick(i, 20, organizations)),
        initcap(left(text, 18)), format(E'%s %s\n%s %s', initcap(right(text, 14)), i % 240, 1000 + i % 9000, 'Zürich'),
        jsonb_build_object('mon', '08:00-18:00', 'tue', '08:00-18:00', 'sat', (8 + i % 3) || ':00-12:00'),
        pg_temp.at(i, 21)
    FROM sizes, generate_series(1, locations) i
    JOIN phrases ON id = pg_temp.pick(i, 22, 65536)
    ORDER BY i;

INSERT INTO public.users
    SELECT pg_temp.key('user', i), pg_temp.key('organization', 1 + pg_temp.pick(i, 30, organizations)),
        format('%s.%s@%s.example', lower(given.word), i, pg_temp.pick(i, 31, organizations)),
        initcap(given.word || ' ' || family.word),
        jsonb_build_object('language', (ARRAY['de', 'fr', 'it', 'en'])[1 + i % 4], 'notify', i % 3 = 0,
            'digest', (ARRAY['daily', 'weekly', 'never'])[1 + pg_temp.pick(i, 32, 3)]),
        pg_temp.at(i, 33)
    FROM sizes, generate_series(1, users) i
    JOIN words given ON given.id = 30 + pg_temp.pick(i, 34, 150)
    JOIN words family ON family.id = 30 + pg_temp.pick(i, 35, 150)
    ORDER BY i;

INSERT INTO public.agent_configs
    SELECT pg_temp.key('agent', i), pg_temp.key('location', 1 + pg_temp.pick(i, 40, locations)), left(a.text, 20),
        jsonb_build_object(
            'prompt', format('You are the assistant of %s. %s. %s.', left(c.text, 20), a.text, b.text),
            'voice', (ARRAY['Anna', 'Béla', 'Chloé', 'Søren'])[1 + pg_temp.pick(i, 41, 4)],
            'temperature', round(pg_temp.pick(i, 42, 100) / 100.0, 2),
            'tools', to_jsonb((string_to_array(c.text, ' '))[1:4]),
            'limits', jsonb_build_object('seconds', 60 + i % 600, 'transfers', i % 4)),
        pg_temp.at(i, 43)
    FROM sizes, generate_series(1, agents) i
    JOIN phrases a ON a.id = pg_temp.pick(i, 44, 65536)
    JOIN phrases b ON b.id = pg_temp.pick(i, 45, 65536)
    JOIN phrases c ON c.id = pg_temp.pick(i, 46, 65536)
    ORDER BY i;

INSERT INTO public.phone_numbers
    SELECT pg_temp.key('number', i), '+4144' || lpad((i * 7919 % 10000000)::text, 7, '0'),
        CASE WHEN i % 20 > 0 THEN pg_temp.key('agent', 1 + pg_temp.pick(i, 50, agents)) END,
        format('https://api.example/twilio/voice/%s', md5('hook' || i)), pg_temp.at(i, 51)
    FROM sizes, generate_series(1, numbers) i
    ORDER BY i;

INSERT INTO public.call_logs
    SELECT i, pg_temp.key('location', 1 + pg_temp.pick(i, 60, locations)),
        pg_temp.key('agent', 1 + pg_temp.pick(i, 61, agents)), '+4179' || lpad(pg_temp.pick(i, 62, 10000000)::text, 7, '0'),
        timestamptz '2025-01-01 00:00:00+00' + i * (interval '600 days' / calls)
            + pg_temp.pick(i, 63, 100000) * interval '1 millisecond',
        pg_temp.pick(i, 64, 900),
        (ARRAY['answered', 'answered', 'booked', 'booked', 'transferred', 'missed', 'voicemail'])[1 + pg_temp.pick(i, 65, 7)],
        format(E'Caller: %s.\nAgent: %s?\nCaller: %s.', a.text, b.text, c.text),
        jsonb_build_object(
            'intent', (ARRAY['book', 'cancel', 'ask', 'complain', 'other'])[1 + pg_temp.pick(i, 66, 5)],
            'sentiment', round(pg_temp.pick(i, 67, 200) / 100.0 - 1, 2),
            'topics', to_jsonb((string_to_array(b.text, ' '))[1:3]),
            'cost', jsonb_build_object('cents', pg_temp.pick(i, 68, 500), 'currency', 'CHF'),
            'model', (ARRAY['small', 'large'])[1 + i % 2])
    FROM sizes, generate_series(1, calls) i
    JOIN phrases a ON a.id = pg_temp.pick(i, 69, 65536)
    JOIN phrases b ON b.id = pg_temp.pick(i, 70, 65536)
    JOIN phrases c ON c.id = pg_temp.pick(i, 71, 65536)
    ORDER BY i;

INSERT INTO public.call_events
    SELECT i, 1 + (i - 1) * calls / events,
        (ARRAY['ringing', 'answered', 'speech', 'speech', 'tool', 'hangup'])[1 + pg_temp.pick(i, 80, 6)],
        (ARRAY['twilio', 'agent', 'caller'])[1 + pg_temp.pick(i, 81, 3)],
        timestamptz '2025-01-01 00:00:00+00' + i * (interval '600 days' / events)
    FROM sizes, generate_series(1, events) i
    ORDER BY i;

INSERT INTO public.rag_documents
    SELECT pg_temp.key('document', i), pg_temp.key('location', 1 + pg_temp.pick(i, 90, locations)),
        format('documents/%s/%s.md', md5('folder' || i % 5000), i), initcap(left(a.text, 30)),
        format(E'# %s\n\n%s. %s.\n\n- %s\n- %s\n', left(a.text, 20), a.text, b.text, c.text, a.text),
        jsonb_build_object('pages', 1 + i % 20, 'mime', 'text/markdown', 'sha', md5('content' || i)), pg_temp.at(i, 91)
    FROM sizes, generate_series(1, documents) i
    JOIN phrases a ON a.id = pg_temp.pick(i, 92, 65536)
    JOIN phrases b ON b.id = pg_temp.pick(i, 93, 65536)
    JOIN phrases c ON c.id = pg_temp.pick(i, 94, 65536)
    ORDER BY i;
