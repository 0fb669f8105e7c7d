-- Names for the types $1, and for the columns numbered $3 of the tables $2.
SELECT coalesce(json_agg(json_build_object(
           'type_name', format_type(o.type, NULL),
           'schema', n.nspname, 'table', c.relname, 'column', a.attname
       ) ORDER BY o.at), '[]')::text
  FROM unnest($1::text::oid[], $2::text::oid[], $3::text::int2[]) WITH ORDINALITY o (type, relation, number, at)
  LEFT JOIN pg_class c ON c.oid = o.relation
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = o.relation AND a.attnum = o.number
