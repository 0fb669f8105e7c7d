SELECT coalesce(json_agg(json_build_object(
           'query', s.query,
           'calls', s.calls,
           'total_ms', s.total_exec_time,
           'mean_ms', s.mean_exec_time,
           'rows', s.rows,
           'cache_hit_ratio', s.hit_ratio
       ) ORDER BY s.total_exec_time DESC), '[]')::text
  FROM (SELECT p.query, p.calls, p.total_exec_time, p.mean_exec_time, p.rows,
               p.shared_blks_hit::float8 / nullif(p.shared_blks_hit + p.shared_blks_read, 0) AS hit_ratio
          FROM {schema}.pg_stat_statements p
         WHERE p.dbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
         ORDER BY p.total_exec_time DESC LIMIT $1::text::bigint) s
