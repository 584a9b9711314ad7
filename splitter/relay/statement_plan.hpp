#pragma once

#include "protocol/mysql/server_errc.hpp"
#include "splitter/relay/command_plan.hpp"
#include "splitter/sql/routing_hint.hpp"
#include "splitter/sql/value_substitution.hpp"

#include <optional>
#include <string>
#include <string_view>

// The planning of a statement's text: what COM_QUERY, COM_STMT_PREPARE and COM_STMT_EXECUTE have in
// common.

namespace weir::splitter {

/// The answer is an error of ours.
[[nodiscard]] command_plan refuse(protocol::mysql::server_errc code, std::string message);

/// As of one moment: asked for once for each command, as the next look may find more.
[[nodiscard]] const known_definitions& known_now(const environment& world);

/// Reads the texts of one command, by what is known as of one moment.
struct statement_reader {
    const lexer_options& options;
    const known_definitions& known;
    std::string_view schema;

    [[nodiscard]] statement_traits operator()(std::string_view text) const;
};

/// Reads the client's text in `plan.text`, and its digest if any is wanted, unless the worker knows
/// how statements of its form are read. What it asks of us, if anything: but a SHOW PROCESSLIST
/// such a text is not read.
[[nodiscard]] std::optional<own_statement> read_text(
    command_plan& plan, const statement_reader& read, const environment& world
);

/// Fills in where a classified statement goes and what follows from running it.
void route_statement(
    command_plan& plan, const routing_hint& hint, const session& session, const environment& world
);

/// Before anything is sent, so that nobody relies on what the statement may be changing.
void note_changes(
    command_plan& plan,
    const lexer_options& options,
    std::string_view schema,
    const environment& world
);

/// Sends `text` in place of the client's.
void send_instead(command_plan& plan, std::string text);

/// Lets rules have their say about the client's text, which may put another one in its place.
/// Nothing, or the plan that takes this one's place: the statement is not to be run.
[[nodiscard]] std::optional<command_plan> follow_rules(
    command_plan& plan,
    const statement_reader& read,
    const session& session,
    const environment& world
);

/// What stays as it is from statement to statement.
[[nodiscard]] known_values known_for_the_session(const session& session);

/// Its text with what we know in place of what it asks for; empty: it asks for nothing of the kind.
[[nodiscard]] std::string answered_text(
    const command_plan& plan, const session& session, const lexer_options& options
);

/// EXECUTE does what its text does, and PREPARE finds the tables of that. What asks nothing but
/// about the statement before, and would be told of another one there, is run as if the client had
/// sent it, with what is known in its place.
void read_prepared_in_sql(command_plan& plan, const statement_reader& read, const session& session);

/// What is set has to be reported: MariaDB does so only where the scope is said.
void write_scopes(command_plan& plan, const lexer_options& options, const environment& world);

/// SHOW WARNINGS and its like, when no connection can be asked any more.
[[nodiscard]] bool answers_conditions(
    command_plan& plan, const session& session, const lexer_options& options
);

}  // namespace weir::splitter
