// Knex over mysql2, with its own migrations; README.md says what is asked of it.
const { authors, connection, run, times } = require('./environment');

const migrations = {
    first: {
        up: async (db) => {
            await db.schema.createTable('authors', (table) => {
                table.increments();
                table.string('name', 50).notNullable().unique();
            });
            await db.schema.createTable('books', (table) => {
                table.increments();
                table.string('title', 40);
                table.integer('author_id').unsigned().references('authors.id').onDelete('CASCADE');
            });
        },
        down: (db) => db.schema.dropTable('books').dropTable('authors'),
    },
    second: {
        up: async (db) => {
            await db.schema.alterTable('authors', (table) => table.integer('sold').defaultTo(0));
            await db.schema.alterTable('books', (table) => {
                table.string('title', 200).notNullable().alter();
                table.index('title');
            });
            await db.schema.createTable('counters', (table) => { table.increments(); table.integer('value').defaultTo(0); });
        },
        down: (db) => db.schema.dropTable('counters'),
    },
};
const source = {
    getMigrations: async () => Object.keys(migrations),
    getMigrationName: (name) => name,
    getMigration: async (name) => migrations[name],
};

run(async () => {
    const db = require('knex')({ client: 'mysql2', connection });
    const tables = async () => (await db('information_schema.tables').where('table_schema', connection.database)
        .orderBy('table_name').select('table_name as name')).map(({ name }) => name);
    await db.migrate.latest({ migrationSource: source });
    const seen = { migrated: { state: await db.migrate.list({ migrationSource: source }).then(([done]) => done.map(({ name }) => name)) } };
    for (const table of ['authors', 'books', 'counters']) seen.migrated[table] = Object.keys(await db(table).columnInfo()).sort();

    await db.transaction(async (transaction) => {
        await transaction('authors').insert({ name: 'Nobody' });
        throw new Error('no');
    }).catch(() => {});
    seen.rolled_back = (await db('authors').count('* as n').first()).n;

    await db.transaction(async (transaction) => {
        for (const { name, books } of authors) {
            const [id] = await transaction('authors').insert({ name });
            await transaction('books').insert(books.map((title) => ({ title, author_id: id })));
            await transaction('authors').where({ id }).increment('sold', books.length);
        }
    });
    seen.committed = await db('authors').leftJoin('books', 'books.author_id', 'authors.id').orderBy('books.id')
        .select('name', 'sold', 'title');

    await db.transaction(async (transaction) => {
        await transaction('authors').insert({ name: 'Outer' });
        await transaction.transaction(async (inner) => {
            await inner('authors').insert({ name: 'Inner' });
            throw new Error('no');
        }).catch(() => {});
    });
    seen.nested = await db('authors').whereIn('name', ['Outer', 'Inner']).pluck('name');

    const [id] = await db('counters').insert({ value: 0 });
    await times(20, () => db.transaction(async (transaction) => {
        const { value } = await transaction('counters').where({ id }).forUpdate().first();
        await transaction('counters').where({ id }).update({ value: value + 1 });
    }));
    seen.concurrent = (await db('counters').where({ id }).first()).value;
    seen.duplicate = await db('authors').insert({ name: 'Ada' }).catch((error) => error.code);

    await db.migrate.rollback({ migrationSource: source }, true);
    seen.reverted = await tables();
    await db.destroy();
    return seen;
});
