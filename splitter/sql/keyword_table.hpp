#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// Words of SQL that the classifier tells apart. Every word that some server reserves and that may
/// stand before an expression is in the table; words without a meaning of their own share `other`.
enum class keyword : std::uint8_t {
    none,   ///< not in the table
    other,  ///< in the table for its class only
    analyze,
    as,
    backup,
    begin,
    call,
    char_word,
    character,
    commit,
    create,
    deallocate,
    delete_word,
    desc,
    describe,
    drop,
    except,
    execute,
    explain,
    flush,
    for_word,
    from,
    get,
    global,
    handler,
    help,
    index,
    insert,
    intersect,
    key,
    lateral,
    limit,
    local,
    lock,
    of,
    offset,
    over,
    partition,
    prepare,
    replace,
    returning,
    rollback,
    select,
    session,
    set,
    show,
    sql_calc_found_rows,
    start,
    table,
    tables,
    temporary,
    timestamp,
    transaction,
    union_word,
    unlock,
    update,
    use,
    value,
    values,
    with,
    xa,
};

/// What the presence of a word says about a query. "Reserved" means in every server that we
/// support: there the word cannot be the name of a column or of a stored function.
enum class keyword_class : std::uint8_t {
    query,  ///< reserved, and part of queries that only read; a '(' after it is no call of a stored
            ///< function
    not_in_query,  ///< reserved, and never part of a query that only reads
    modifier,      ///< not reserved, but no server lets a stored function be called by this word
                   ///< without quotes
    plain,         ///< may be a name; may also stand before an expression
};

struct keyword_entry {
    std::string_view text;  ///< lower case
    keyword id = keyword::none;
    keyword_class what = keyword_class::plain;
};

/// The entry of `word`, compared without regard to case; null if it is no keyword.
[[nodiscard]] const keyword_entry* find_keyword(std::string_view word) noexcept;

}  // namespace weir::splitter
