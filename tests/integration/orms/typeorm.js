// TypeORM over mysql2, with its own migrations; README.md says what is asked of it.
require('reflect-metadata');
const { DataSource, EntitySchema, Table, TableColumn, TableIndex, TableForeignKey } = require('typeorm');
const { authors, connection, run, times } = require('./environment');

const id = { name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' };

class first1700000000001 {
    async up(runner) {
        await runner.createTable(new Table({
            name: 'author', columns: [id, { name: 'name', type: 'varchar', length: '50', isUnique: true }],
        }), true);
        await runner.createTable(new Table({
            name: 'book', columns: [id, { name: 'title', type: 'varchar', length: '40' }, { name: 'authorId', type: 'int', isNullable: true }],
        }), true);
        await runner.createForeignKey('book', new TableForeignKey({
            name: 'of_author', columnNames: ['authorId'], referencedTableName: 'author', referencedColumnNames: ['id'], onDelete: 'CASCADE',
        }));
    }

    async down(runner) {
        await runner.dropTable('book');
        await runner.dropTable('author');
    }
}

class second1700000000002 {
    async up(runner) {
        await runner.addColumn('author', new TableColumn({ name: 'sold', type: 'int', default: 0 }));
        await runner.changeColumn('book', 'title', new TableColumn({ name: 'title', type: 'varchar', length: '200' }));
        await runner.createIndex('book', new TableIndex({ name: 'by_title', columnNames: ['title'] }));
        await runner.createTable(new Table({ name: 'counter', columns: [id, { name: 'value', type: 'int', default: 0 }] }));
    }

    async down(runner) {
        await runner.dropTable('counter');
    }
}

const key = { type: 'int', primary: true, generated: true };
const author = new EntitySchema({
    name: 'author', columns: { id: key, name: { type: 'varchar' }, sold: { type: 'int', default: 0 } },
    relations: { books: { type: 'one-to-many', target: 'book', inverseSide: 'author', cascade: true } },
});
const book = new EntitySchema({
    name: 'book', columns: { id: key, title: { type: 'varchar' } },
    relations: { author: { type: 'many-to-one', target: 'author', inverseSide: 'books', joinColumn: { name: 'authorId' } } },
});
const counter = new EntitySchema({ name: 'counter', columns: { id: key, value: { type: 'int' } } });

async function tables(db) {
    const seen = {};
    const runner = db.createQueryRunner();
    for (const table of await runner.getTables(['author', 'book', 'counter'])) {
        seen[table.name.split('.').pop()] = table.columns.map((column) => column.name).sort();
    }
    await runner.release();
    return seen;
}

run(async () => {
    const db = await new DataSource({
        type: 'mysql', ...connection, username: connection.user, entities: [author, book, counter],
        migrations: [first1700000000001, second1700000000002],
    }).initialize();
    const done = await db.runMigrations();
    const seen = { migrated: { ran: done.map(({ name }) => name), ...(await tables(db)) } };

    await db.transaction(async (manager) => {
        await manager.save('author', { name: 'Nobody' });
        throw new Error('no');
    }).catch(() => {});
    seen.rolled_back = await db.getRepository('author').count();

    await db.transaction(async (manager) => {
        for (const { name, books } of authors) {
            const made = await manager.save('author', { name, books: books.map((title) => ({ title })) });
            await manager.increment('author', { id: made.id }, 'sold', books.length);
        }
    });
    const read = await db.getRepository('author').find({ relations: { books: true }, order: { id: 'ASC', books: { id: 'ASC' } } });
    seen.committed = read.map((one) => [one.name, one.sold, one.books.map(({ title }) => title)]);

    await db.transaction(async (manager) => {
        await manager.save('author', { name: 'Outer' });
        await manager.transaction(async (inner) => {
            await inner.save('author', { name: 'Inner' });
            throw new Error('no');
        }).catch(() => {});
    });
    seen.nested = (await db.getRepository('author').findBy([{ name: 'Outer' }, { name: 'Inner' }])).map(({ name }) => name);

    const made = await db.getRepository('counter').save({ value: 0 });
    await times(20, () => db.transaction(async (manager) => {
        const row = await manager.findOne('counter', { where: { id: made.id }, lock: { mode: 'pessimistic_write' } });
        await manager.update('counter', { id: row.id }, { value: row.value + 1 });
    }));
    seen.concurrent = (await db.getRepository('counter').findOneBy({ id: made.id })).value;
    seen.duplicate = await db.getRepository('author').insert({ name: 'Ada' }).catch((error) => error.code);

    await db.undoLastMigration();
    await db.undoLastMigration();
    seen.reverted = await tables(db);
    await db.destroy();
    return seen;
});
