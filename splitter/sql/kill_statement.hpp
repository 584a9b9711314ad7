#pragma once

#include "splitter/sql/lexer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::splitter {

/// A KILL of a connection by its number.
struct kill_statement {
    enum class scope : std::uint8_t {
        connection,  ///< the connection ends
        query,       ///< only what it runs
    };
    enum class force : std::uint8_t { unsaid, hard, soft };  ///< MariaDB's

    std::uint32_t id = 0;
    scope what = scope::connection;
    force how = force::unsaid;
    friend bool operator==(const kill_statement&, const kill_statement&) = default;
};

/// Reads KILL [HARD | SOFT] [CONNECTION | QUERY] number, with or without a semicolon behind it.
/// Nothing: it is something else, such as KILL USER, KILL QUERY ID (the number of a statement, not
/// of a connection), an expression in place of the number, or more than one statement.
/// `parameter`: what a `?` stands for. No allocation.
[[nodiscard]] std::optional<kill_statement> parse_kill(
    std::string_view text,
    const lexer_options& options,
    std::optional<std::uint32_t> parameter = std::nullopt
) noexcept;

/// The same KILL for the connection that a server knows by `thread_id`, as every server reads it.
[[nodiscard]] std::string kill_text(const kill_statement& kill, std::uint32_t thread_id);

}  // namespace weir::splitter
