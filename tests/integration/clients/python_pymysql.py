"""pymysql; README.md says what is asked of it. It has no prepared statements of its own: SQL's PREPARE stands for them."""
import json
import os

import pymysql


def main():
    env = {key: os.environ[f"WEIR_{key}"] for key in ("HOST", "PORT", "USER", "PASSWORD", "SCHEMA", "TABLE", "TLS_CA")}
    table = env["TABLE"]
    tls = {"ssl": {"ca": env["TLS_CA"]}} if env["TLS_CA"] else {"ssl_disabled": True}
    try:
        db = pymysql.connect(host=env["HOST"], port=int(env["PORT"]), user=env["USER"], password=env["PASSWORD"],
                             database=env["SCHEMA"], charset="utf8mb4", autocommit=True, **tls)
    except pymysql.err.MySQLError as refused:
        return {"error": refused.args[0]}
    cursor = db.cursor()

    def row(statement, arguments=None):
        cursor.execute(statement, arguments)
        return cursor.fetchone()

    seen = {"select": int(row("SELECT 6 * 7")[0]), "prepared": []}
    cursor.execute(f"PREPARE reading FROM 'SELECT name FROM {table} WHERE id = ?'")
    for number in (1, 2):
        cursor.execute("SET @id = %s", (number,))
        seen["prepared"].append(row("EXECUTE reading USING @id")[0])
    cursor.execute(f"INSERT INTO {table} VALUES (3, %s)", ("ä→🌊",))
    seen["utf8mb4"] = row(f"SELECT name FROM {table} WHERE id = 3")[0]
    db.begin()
    cursor.execute(f"INSERT INTO {table} VALUES (50, 'x')")
    db.rollback()
    db.begin()
    cursor.execute(f"INSERT INTO {table} VALUES (51, 'x')")
    db.commit()
    seen["rolled_back"] = row(f"SELECT COUNT(*) FROM {table} WHERE id = 50")[0]
    seen["committed"] = row(f"SELECT COUNT(*) FROM {table} WHERE id = 51")[0]
    db.close()
    return seen


print(json.dumps(main()))
