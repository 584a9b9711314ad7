// What the programs of this folder share: where to connect, and how they end.
const { WEIR_HOST, WEIR_PORT, WEIR_USER, WEIR_PASSWORD, WEIR_SCHEMA } = process.env;

exports.connection = {
    host: WEIR_HOST, port: Number(WEIR_PORT), user: WEIR_USER, password: WEIR_PASSWORD, database: WEIR_SCHEMA,
};

exports.authors = [
    { name: 'Ada', books: ['Notes', 'Tables'] },
    { name: 'Kurt', books: ['Über formal unentscheidbare Sätze 🌊'] },
];

/// Prints what `work` has seen; a failure is printed and ends with 1.
exports.run = (work) => work().then(
    (seen) => console.log(JSON.stringify(seen)),
    (failure) => { console.error(failure); process.exit(1); },
);

exports.times = (n, work) => Promise.all(Array.from({ length: n }, (_, index) => work(index)));
