SELECT json_build_object(
    'version', current_setting('server_version'),
    'version_number', current_setting('server_version_num')::int,
    'database', current_database(),
    'user', current_user,
    'is_superuser', current_setting('is_superuser') = 'on',
    'is_in_recovery', pg_is_in_recovery()
)::text
