SELECT coalesce(json_agg(json_build_object(
           'pid', a.pid,
           'is_own', a.pid = pg_backend_pid(),
           'database', a.datname,
           'user', a.usename,
           'application_name', coalesce(a.application_name, ''),
           'client_address', host(a.client_addr),
           'backend_type', a.backend_type,
           'state', a.state,
           'wait_event_type', a.wait_event_type,
           'wait_event', a.wait_event,
           'query', nullif(a.query, ''),
           'query_seconds', CASE WHEN a.state = 'active'
                            THEN extract(epoch FROM clock_timestamp() - a.query_start)::float8 END,
           'transaction_seconds', extract(epoch FROM clock_timestamp() - a.xact_start)::float8,
           'session_seconds', extract(epoch FROM clock_timestamp() - a.backend_start)::float8,
           'blocked_by', pg_blocking_pids(a.pid)
       ) ORDER BY a.backend_type IS DISTINCT FROM 'client backend', a.xact_start NULLS LAST, a.pid), '[]')::text
  FROM pg_stat_activity a
