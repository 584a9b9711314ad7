// npm's mysql2; README.md says what is asked of it.
const fs = require('fs');
const mysql = require('mysql2/promise');

async function main() {
    const { WEIR_HOST, WEIR_PORT, WEIR_USER, WEIR_PASSWORD, WEIR_SCHEMA, WEIR_TABLE, WEIR_TLS_CA } = process.env;
    let db;
    try {
        db = await mysql.createConnection({
            host: WEIR_HOST, port: Number(WEIR_PORT), user: WEIR_USER, password: WEIR_PASSWORD, database: WEIR_SCHEMA,
            ssl: WEIR_TLS_CA ? { ca: fs.readFileSync(WEIR_TLS_CA) } : undefined,
        });
    } catch (refused) {
        return { error: refused.errno };
    }
    const one = async (sql, values) => (await db.execute(sql, values))[0][0];
    const count = async (id) => (await one(`SELECT COUNT(*) AS n FROM ${WEIR_TABLE} WHERE id = ?`, [id])).n;
    const insert = `INSERT INTO ${WEIR_TABLE} VALUES (?, ?)`;
    const seen = { prepared: [] };
    seen.select = (await db.query('SELECT 6 * 7 AS n'))[0][0].n;
    for (const id of [1, 2]) {
        seen.prepared.push((await one(`SELECT name FROM ${WEIR_TABLE} WHERE id = ?`, [id])).name);
    }
    await db.execute(insert, [3, 'ä→🌊']);
    seen.utf8mb4 = (await one(`SELECT name FROM ${WEIR_TABLE} WHERE id = ?`, [3])).name;
    await db.beginTransaction();
    await db.execute(insert, [50, 'x']);
    await db.rollback();
    await db.beginTransaction();
    await db.execute(insert, [51, 'x']);
    await db.commit();
    seen.rolled_back = await count(50);
    seen.committed = await count(51);
    await db.end();
    return seen;
}

main().then((seen) => console.log(JSON.stringify(seen)));
