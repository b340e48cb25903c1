"""The first state: schemas and tables as declared, the version of an empty warehouse, and the chain of the access trail."""

from __future__ import annotations

from alembic import op

from schemas.warehouse import SCHEMAS
from warehouse.tables import METADATA

revision = "0001"
down_revision = None

SEAL = """
CREATE FUNCTION audit.seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('kontingent.audit'));
    NEW.role := session_user;
    NEW.at := clock_timestamp();
    NEW.access_id := nextval(pg_get_serial_sequence('audit.access', 'access_id'));
    SELECT row_hash INTO NEW.previous_hash FROM audit.access ORDER BY access_id DESC LIMIT 1;
    NEW.row_hash := encode(sha256(convert_to(jsonb_build_array(current_database(), NEW.previous_hash, NEW.access_id, extract(epoch FROM NEW.at),
        NEW.role, NEW.person_in_charge, NEW.purpose, NEW.ground, NEW.action, NEW.pupil_id)::text, 'UTF8')), 'hex');
    RETURN NEW;
END $$;
CREATE TRIGGER seal BEFORE INSERT ON audit.access FOR EACH ROW EXECUTE FUNCTION audit.seal();
CREATE FUNCTION audit.keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit.access is only ever appended to';
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.access FOR EACH STATEMENT EXECUTE FUNCTION audit.keep();
"""


def upgrade() -> None:
    for schema, title in SCHEMAS.items():
        op.execute(f"CREATE SCHEMA {schema}")
        op.execute(f"COMMENT ON SCHEMA {schema} IS '{title}'")
    METADATA.create_all(op.get_bind(), checkfirst=False)
    op.execute("INSERT INTO quality.version (version, kind) VALUES (0, 'empty')")
    op.execute('INSERT INTO core.published_version ("only", version) VALUES (true, 0)')
    op.execute(SEAL)


def downgrade() -> None:
    for schema in SCHEMAS:
        op.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
