#pragma once

#include "splitter/sql/level_set.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/name_scope.hpp"
#include "splitter/sql/table_positions.hpp"
#include "splitter/sql/token.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// Looks at the tokens of one statement in turn and notes everything that keeps it from being a
/// read which any server may answer. It is not a parser. Instead it knows which words a query that
/// only reads may contain, which functions are built in and harmless, and the few places where a
/// word before a parenthesis is no call; everything else counts as a possible write.
///
/// Fed with the tokens of a statement that writes, it still notes what pins the session.
class read_proof {
public:
    /// What was found so far.
    struct findings {
        bool may_write = false;          ///< not proven to only read
        bool server_local = false;       ///< the answer belongs to one server
        bool reads_previous = false;     ///< the answer depends on an earlier statement that wrote
        bool reads_diagnostics = false;  ///< ... on the statement before, whatever it was
        bool returning = false;          ///< a RETURNING clause outside parentheses
        bool uses_user_variables = false;
        bool assigns_user_variables = false;  ///< := or INTO
        bool asks_connection_id = false;      ///< CONNECTION_ID(), or a variable of weir's own
        bool asks_identity = false;           ///< @@hostname, @@server_uuid
        bool waits_for_position = false;      ///< waits until its server has certain transactions
        bool has_from = false;                ///< a FROM clause, or TABLE
        /// FOUND_ROWS() may differ from the number of rows: a set operation, or a LIMIT that skips.
        bool finds_other_rows = false;
        bool calls_reading_functions = false;  ///< stored ones, which only read
        bool calls_what_leaves_state = false;  ///< a function that leaves something behind
        std::string_view pin_reason{};         ///< static text; empty if nothing pins
    };

    enum class statement_form : std::uint8_t {
        plain,
        account_names,  ///< 'user'@'host' may occur: an @ right after a name is no user variable
        assignments,    ///< SET: := is as good as =
    };

    explicit read_proof(
        const lexer_options& options,
        const name_scope& scope = {},
        statement_form form = statement_form::plain
    ) noexcept
        : options_{&options},
          scope_{scope},
          watches_tables_{scope.meanings != nullptr && scope.meanings->watches_tables()},
          form_{form} {}

    /// `rest` stands after `current`; it is used to read ahead.
    void on_token(const token& current, const lexer& rest) noexcept;

    /// Literals, commas and rows, but nothing else, were passed over between the last token and the
    /// next one.
    void on_literals(literal_run run) noexcept;

    [[nodiscard]] const findings& found() const noexcept { return found_; }

    /// Parentheses that are open after the last token.
    [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

private:
    void on_keyword(const token& current, const lexer& rest) noexcept;
    void on_remarkable(keyword word) noexcept;
    void on_for(const lexer& rest) noexcept;
    void on_name(const token& current) noexcept;
    void on_punctuation(const token& current) noexcept;
    void on_open() noexcept;
    void on_word_before_parenthesis() noexcept;
    void on_default() noexcept;
    void on_call() noexcept;
    void on_stored_function(bool is_qualified) noexcept;
    void watch_tables(const token& current) noexcept;
    void on_user_variable(const token& current) noexcept;
    void on_system_variable(const token& current) noexcept;
    void step_common_tables(const token& current) noexcept;

    void pin(std::string_view reason) noexcept {
        if (found_.pin_reason.empty()) found_.pin_reason = reason;
    }

    const lexer_options* options_;
    name_scope scope_;
    bool watches_tables_;
    statement_form form_;
    findings found_;
    token previous_{};
    token before_previous_{};
    std::string_view schema_{};         ///< name before the last dot; empty if there is none
    bool is_deeply_qualified_ = false;  ///< before that name stands another dot
    table_positions tables_;
    std::size_t depth_ = 0;
    bool in_into_ = false;     ///< among the variables behind INTO
    level_set common_tables_;  ///< in the list of WITH
    level_set common_name_;    ///< ... before AS
    level_set substring_;      ///< between the parentheses of SUBSTRING and its like
};

}  // namespace weir::splitter
