#pragma once

#include "splitter/relay/statement_effect.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace weir::splitter {

/// How much of the statement was handed to the connection. A server runs nothing but whole
/// commands.
enum class statement_sent : std::uint8_t { nothing, part, whole };

/// What came in place of its answer.
enum class statement_answer : std::uint8_t {
    none,          ///< nothing that was passed on
    farewell,      ///< an error: the server ends the connection (shutdown, a kill)
    unheard,       ///< an error: the server had ended the connection before the statement came
    replicas_own,  ///< an error of a replica that the primary might not give
    passed_on,     ///< something that the client has, or part of it
    // Nothing, and the server was asked what became of the statement:
    committed,    ///< it stands in the server's binary log
    rolled_back,  ///< it does not, and never will
    unresolved,   ///< that could not be found out
};

/// What the session loses with the connection.
enum class connection_tie : std::uint8_t {
    none,
    replayable,   ///< a transaction whose statements and answers are known from its start
    transaction,  ///< one of which that cannot be said
    pin,          ///< a pin, or a SET TRANSACTION that waits for its transaction
};

/// May it be tried once more? A server that fails must not be met for ever.
enum class retry_tries : std::uint8_t { left, none };

enum class retry_outcome : std::uint8_t {
    run_elsewhere,     ///< on another connection, to a server as the statement needs it
    run_on_primary,    ///< whose answer counts
    resolve,           ///< the server is asked what became of it; then the table is
    answer_ok,         ///< what the client would have got
    tell_committed,    ///< an error of ours that names the GTID: what was answered is lost
    tell_rolled_back,  ///< an error of ours
    replay,            ///< its transaction first, on another connection; then the statement
    pass_on,           ///< what the server said is the answer
    error_then_next,   ///< an error of ours that says that nothing was run
    cut_off,           ///< the client is: its library reports a lost connection, as it is
};

/// One statement that met a failure, as the table looks at it.
struct retry_case {
    statement_effect effect = statement_effect::lasting;
    statement_sent sent = statement_sent::whole;
    statement_answer answer = statement_answer::none;
    connection_tie tie = connection_tie::pin;
    retry_tries tries = retry_tries::none;
};

/// What becomes of it: the first row of the table that fits. A pure function, and the only place
/// that decides whether a statement is run again; docs/retries.md has the same rows.
[[nodiscard]] retry_outcome decide_retry(const retry_case& met) noexcept;

/// A row: for each column a set of values, bit by bit.
struct retry_row {
    std::uint8_t effects = 0;
    std::uint8_t sent = 0;
    std::uint8_t answers = 0;
    std::uint8_t ties = 0;
    std::uint8_t tries = 0;
    retry_outcome outcome = retry_outcome::cut_off;
};

[[nodiscard]] std::span<const retry_row> retry_rows() noexcept;

/// As the documentation writes them.
[[nodiscard]] std::string_view name_of(statement_effect effect) noexcept;
[[nodiscard]] std::string_view name_of(statement_sent sent) noexcept;
[[nodiscard]] std::string_view name_of(statement_answer answer) noexcept;
[[nodiscard]] std::string_view name_of(connection_tie tie) noexcept;
[[nodiscard]] std::string_view name_of(retry_tries tries) noexcept;
[[nodiscard]] std::string_view name_of(retry_outcome outcome) noexcept;

}  // namespace weir::splitter
