// Sequelize over mysql2; README.md says what is asked of it.
const { DataTypes, Sequelize } = require('sequelize');
const { authors, connection, run, times } = require('./environment');

async function migrate(tools) {
    const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
    await tools.createTable('authors', { id, name: { type: DataTypes.STRING(50), allowNull: false, unique: true } });
    await tools.createTable('books', {
        id, title: DataTypes.STRING(40),
        author_id: { type: DataTypes.INTEGER, references: { model: 'authors', key: 'id' }, onDelete: 'CASCADE' },
    });
    await tools.createTable('counters', { id, value: { type: DataTypes.INTEGER, defaultValue: 0 } });
    await tools.addColumn('authors', 'sold', { type: DataTypes.INTEGER, defaultValue: 0 });
    await tools.changeColumn('books', 'title', { type: DataTypes.STRING(200), allowNull: false });
    await tools.addIndex('books', ['title']);
    const seen = {};
    for (const table of (await tools.showAllTables()).sort()) seen[table] = Object.keys(await tools.describeTable(table));
    return seen;
}

function define(db) {
    const settings = { timestamps: false, underscored: true };
    const author = db.define('author', { name: DataTypes.STRING, sold: DataTypes.INTEGER }, settings);
    const book = db.define('book', { title: DataTypes.STRING }, settings);
    const counter = db.define('counter', { value: DataTypes.INTEGER }, settings);
    author.hasMany(book);
    book.belongsTo(author);
    return { author, book, counter };
}

run(async () => {
    const db = new Sequelize({ dialect: 'mysql', logging: false, ...connection, username: connection.user });
    const tools = db.getQueryInterface();
    const seen = { migrated: await migrate(tools) };
    const { author, book, counter } = define(db);

    await db.transaction(async (transaction) => {
        await author.create({ name: 'Nobody' }, { transaction });
        throw new Error('no');
    }).catch(() => {});
    seen.rolled_back = await author.count();

    await db.transaction(async (transaction) => {
        for (const { name, books } of authors) {
            const made = await author.create({ name, books: books.map((title) => ({ title })) }, { include: book, transaction });
            await made.increment('sold', { by: books.length, transaction });
        }
    });
    const read = await author.findAll({ include: book, order: ['id', [book, 'id']] });
    seen.committed = read.map((one) => [one.name, one.sold, one.books.map(({ title }) => title)]);

    await db.transaction(async (transaction) => {
        await author.create({ name: 'Outer' }, { transaction });
        const inner = await db.transaction({ transaction });
        await author.create({ name: 'Inner' }, { transaction: inner });
        await inner.rollback();
    });
    seen.nested = (await author.findAll({ where: { name: ['Outer', 'Inner'] } })).map(({ name }) => name);

    const { id } = await counter.create({ value: 0 });
    await times(20, () => db.transaction(async (transaction) => {
        const row = await counter.findByPk(id, { transaction, lock: transaction.LOCK.UPDATE });
        await row.update({ value: row.value + 1 }, { transaction });
    }));
    seen.concurrent = await counter.sum('value');
    seen.duplicate = await author.create({ name: 'Ada' }).catch((error) => error.name);

    for (const table of ['counters', 'books', 'authors']) await tools.dropTable(table);
    seen.reverted = await tools.showAllTables();
    await db.close();
    return seen;
});
