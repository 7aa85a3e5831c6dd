"""What the postcodes of an outward code or a sector have in common, worked out by the database."""

from sqlalchemy import Connection, text

from webapp.schema import IMPORTED

# One postcode area, such as SW, at a time: its codes go on with a digit, which sorts before letters.
# Parts whose located postcodes are all retired are made of those.
FILL = text(f"""
    INSERT INTO postcode_part{IMPORTED}
        (code, point, radius_metres, live, authority_codes, region_codes, nations)
    WITH member AS (
        SELECT part.code AS part, terminated IS NULL AS is_live, postcode.*
        FROM postcode{IMPORTED} postcode, LATERAL (VALUES
            (left(postcode.code, -3)),
            (left(postcode.code, -3) || ' ' || left(right(postcode.code, 3), 1))
        ) part (code)
        WHERE postcode.code >= :area || '0' AND postcode.code < :area || 'A'
    ), part AS (
        SELECT part, bool_or(is_live) FILTER (WHERE point IS NOT NULL) AS is_live,
            count(*) FILTER (WHERE is_live) AS live
        FROM member GROUP BY part
    ), chosen AS (
        SELECT part.live, member.* FROM member JOIN part USING (part, is_live)
    ), middle AS (
        SELECT part, live,
            ST_SetSRID(ST_MakePoint(avg(ST_X(point)), avg(ST_Y(point))), 4326) AS point,
            array_agg(DISTINCT authority_code) FILTER (WHERE authority_code <> '') AS authorities,
            array_agg(DISTINCT region_code) FILTER (WHERE region_code <> '') AS regions,
            array_agg(DISTINCT nation::text) FILTER (WHERE nation <> '') AS nations
        FROM chosen GROUP BY part, live
    ), radius AS (
        SELECT part, percentile_disc(0.95) WITHIN GROUP (
            ORDER BY ST_DistanceSphere(chosen.point, middle.point)
        ) AS metres
        FROM chosen JOIN middle USING (part) WHERE chosen.point IS NOT NULL GROUP BY part
    )
    SELECT part, point, 100 * greatest(1, ceil(metres / 100)), live, coalesce(authorities, '{{}}'),
        coalesce(regions, '{{}}'), coalesce(nations, '{{}}')
    FROM middle JOIN radius USING (part)
""")  # noqa: S608 -- only our own names


def fill_parts(connection: Connection, area: str) -> None:
    """Make the parts of one postcode area from the new table of postcodes, and commit them."""
    with connection.begin():
        connection.execute(FILL, {"area": area})
