-- The roles and databases of a deployment, once, by a superuser of an empty server. `omea setup` does the rest.
-- psql reads the passwords from the environment (from version 14 on); without one of them it stops.
\set ON_ERROR_STOP on
\getenv owner_password OMEA_OWNER_PASSWORD
\getenv worker_password OMEA_WORKER_PASSWORD
\getenv api_password OMEA_API_PASSWORD
\getenv temporal_password TEMPORAL_DATABASE_PASSWORD

-- The owner migrates and is no superuser; row-level security binds the other two.
CREATE ROLE omea_owner LOGIN CREATEROLE PASSWORD :'owner_password';
CREATE ROLE omea_worker LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'worker_password';
CREATE ROLE omea_api LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'api_password';
CREATE DATABASE omea OWNER omea_owner;
REVOKE ALL ON DATABASE omea FROM PUBLIC;

-- Temporal's own, for a server that keeps its data here too.
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE temporal FROM PUBLIC;
REVOKE ALL ON DATABASE temporal_visibility FROM PUBLIC;
