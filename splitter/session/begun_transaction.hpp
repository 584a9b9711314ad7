#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::splitter {

/// How the read-only transaction that is open on a replica came about, and what was set there that
/// only this connection has, so that it can be had again on the primary. Plain value.
struct begun_transaction {
    struct statement {
        enum class kind : std::uint8_t {
            announcement,  ///< SET TRANSACTION
            begin,         ///< START TRANSACTION
            savepoint,     ///< SAVEPOINT, ROLLBACK TO, RELEASE
            set,           ///< a SET that pins: it outlives the transaction
        };
        std::string text;
        kind what = kind::begin;
        bool failed = false;  ///< and will again
    };

    static constexpr std::size_t statements_max = 64;    ///< but for the first ones
    static constexpr std::size_t set_size_max = 65'536;  ///< bytes of a SET that is remembered

    std::vector<statement> statements;
    bool moves = false;         ///< is being begun again
    bool is_open = false;       ///< a transaction is to be open then
    bool is_announced = false;  ///< it was only announced, by SET TRANSACTION
    std::size_t repeated = 0;   ///< so many statements have been, where it moves to

    [[nodiscard]] bool has(statement::kind what) const {
        return std::ranges::any_of(statements, [&](const statement& one) {
            return one.what == what;
        });
    }

    [[nodiscard]] bool is_repeated() const noexcept { return repeated >= statements.size(); }

    [[nodiscard]] bool has_room() const noexcept { return statements.size() < statements_max; }

    /// The transaction is over. What was refused in it might not be outside.
    void end() {
        std::erase_if(statements, [](const statement& one) {
            return one.what != statement::kind::set || one.failed;
        });
    }

    /// The transaction is over, and what was said of it holds for the next one.
    void leave_announced() {
        const auto has_ended = [](const statement& one) {
            return one.what == statement::kind::begin || one.what == statement::kind::savepoint;
        };
        if (std::erase_if(statements, has_ended) > 0)
            statements.push_back({"SET TRANSACTION READ ONLY", statement::kind::announcement});
    }

    void clear() noexcept { *this = {}; }
};

}  // namespace weir::splitter
