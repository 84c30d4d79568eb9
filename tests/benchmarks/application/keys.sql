-- Keys, indexes and what else pg_dump writes behind the rows.

SELECT setval('public.call_logs_id_seq', (SELECT max(id) FROM public.call_logs));
SELECT setval('public.call_events_id_seq', (SELECT max(id) FROM public.call_events));

ALTER TABLE public.organizations ADD PRIMARY KEY (id);
ALTER TABLE public.locations ADD PRIMARY KEY (id);
ALTER TABLE public.users ADD PRIMARY KEY (id), ADD UNIQUE (email);
ALTER TABLE public.agent_configs ADD PRIMARY KEY (id);
ALTER TABLE public.phone_numbers ADD PRIMARY KEY (id), ADD UNIQUE (phone_number);
ALTER TABLE public.call_logs ADD PRIMARY KEY (id);
ALTER TABLE public.call_events ADD PRIMARY KEY (id);
ALTER TABLE public.rag_documents ADD PRIMARY KEY (id), ADD UNIQUE (source_key);

CREATE INDEX ON public.locations (organization_id);
CREATE INDEX ON public.users (organization_id);
CREATE INDEX ON public.users (lower(full_name));
CREATE INDEX ON public.agent_configs (location_id);
CREATE INDEX ON public.agent_configs USING gin (settings jsonb_path_ops);
CREATE INDEX ON public.phone_numbers (agent_id);
CREATE INDEX ON public.call_logs (location_id, started_at);
CREATE INDEX ON public.call_logs (agent_id);
CREATE INDEX ON public.call_logs (caller);
CREATE INDEX ON public.call_logs (started_at);
CREATE INDEX ON public.call_logs (outcome) WHERE outcome <> 'answered';
CREATE INDEX ON public.call_logs USING gin (analysis);
CREATE INDEX ON public.call_events (call_id);
CREATE INDEX ON public.call_events (at);
CREATE INDEX ON public.rag_documents (location_id);
CREATE INDEX ON public.rag_documents (title);

ALTER TABLE public.locations ADD FOREIGN KEY (organization_id) REFERENCES public.organizations;
ALTER TABLE public.users ADD FOREIGN KEY (organization_id) REFERENCES public.organizations;
ALTER TABLE public.agent_configs ADD FOREIGN KEY (location_id) REFERENCES public.locations;
ALTER TABLE public.phone_numbers ADD FOREIGN KEY (agent_id) REFERENCES public.agent_configs;
ALTER TABLE public.call_logs ADD FOREIGN KEY (location_id) REFERENCES public.locations;
ALTER TABLE public.call_logs ADD FOREIGN KEY (agent_id) REFERENCES public.agent_configs;
ALTER TABLE public.call_events ADD FOREIGN KEY (call_id) REFERENCES public.call_logs ON DELETE CASCADE;
ALTER TABLE public.rag_documents ADD FOREIGN KEY (location_id) REFERENCES public.locations;

CREATE TRIGGER touch BEFORE UPDATE ON public.agent_configs FOR EACH ROW EXECUTE FUNCTION public.touch();
