// The part of session_core that answers a command itself: an OK, rows, an error.

#include "protocol/mysql/character_set.hpp"
#include "protocol/mysql/collation.hpp"
#include "splitter/relay/session_core.hpp"

#include <algorithm>
#include <utility>

namespace weir::splitter {

using protocol::mysql::command;
using protocol::mysql::response_kind;
using protocol::mysql::status_flag;
using protocol::mysql::status_set;

namespace {

constexpr std::uint16_t utf8mb3 = 33;

/// As far as it can be told; another than the default one of a character set is known by its name
/// only, which few are found by.
protocol::mysql::collation collation_of_results(
    const session& session, protocol::mysql::server_flavor flavor
) {
    const auto& variables = session.state.variables();
    const bool is_logins =
        std::ranges::find(variables, "character_set_results", &session_variable::name) ==
        variables.end();
    if (is_logins && session.collation != 0)
        return protocol::mysql::find_collation(session.collation);
    if (const std::string* const named = session.state.value_of(results_collation)) {
        const std::uint16_t id = protocol::mysql::collation_named(*named);
        if (id != 0) return protocol::mysql::find_collation(id);
    }
    const std::string* const charset = session.state.value_of("character_set_results");
    // NULL: texts come as they are, and these are in the servers' own set.
    if (charset != nullptr && charset->empty()) return protocol::mysql::find_collation(utf8mb3);
    const std::string name = charset == nullptr ? "" : *charset;
    return protocol::mysql::find_collation(
        protocol::mysql::find_character_set(name, flavor).default_collation
    );
}

}  // namespace

status_set session_core::status_now() const {
    const status_set status = session_.transaction.status();
    return session_.state.no_backslash_escapes() ? status.with(status_flag::no_backslash_escapes)
                                                 : status;
}

session_action session_core::answer_ok() {
    if (plan_.command == command::stmt_reset) {
        session_.statements.reset(*plan_.statement);
        session_.on_local_ok(0);
        session_.last.own_warnings = 0;
    }
    out_.clear();
    if (plan_.command == command::ping) session_.on_local_ok(0);
    append_ok(out_, answer_sequence_, status_now(), session_.capabilities, warnings_of_last());
    return write_answer();
}

/// MySQL's OK to what is no statement counts those of the last one.
std::uint32_t session_core::warnings_of_last() const noexcept {
    const bool counts = (plan_.command == command::ping || plan_.command == command::set_option) &&
                        world_.flavor == protocol::mysql::server_flavor::mysql;
    return counts ? session_.last.own_warnings : 0;
}

/// A held connection is asked, whose flags are exact; others are told with the next command that
/// needs one.
session_action session_core::set_option() {
    session_.state.set_multi_statements(plan_.allows_multi_statements);
    const bool is_held = backend_.state != nullptr && plan_.what == command_plan::kind::set_option;
    if (is_held) {
        backend_.state->multi_statements = plan_.allows_multi_statements;
        return acquire();
    }
    session_.on_local_ok(-1);
    out_.clear();
    append_end(out_, answer_sequence_, status_now(), session_.capabilities, warnings_of_last());
    return write_answer();
}

result_settings session_core::result_settings_now() const {
    result_settings settings{.client = session_.capabilities, .status = status_now()};
    settings.flavor = world_.flavor;
    const auto collation = collation_of_results(session_, world_.flavor);
    settings.collation = collation.id;
    settings.longest_character =
        protocol::mysql::find_character_set(collation.character_set, world_.flavor)
            .longest_character;
    if (plan_.command == command::stmt_execute) settings.form = result_form::binary;
    return settings;
}

/// Rows that do not count as a statement's: the session is as before.
session_action session_core::write_rows(const local_result& result) {
    out_.clear();
    append_result(out_, answer_sequence_, result, result_settings_now());
    return write_answer();
}

session_action session_core::answer_rows(const local_result& result) {
    session_.on_local_rows();
    if (plan_.shown.counts) session_.on_found_rows_here(1);
    return write_rows(result);
}

session_action session_core::answer_error(const local_error& error) {
    condition made{"Error", static_cast<std::uint32_t>(error.code), error.message};
    // MySQL keeps what it had when it refuses to fetch.
    const bool keeps_conditions = plan_.command == command::stmt_fetch &&
                                  world_.flavor == protocol::mysql::server_flavor::mysql;
    if (keeps_conditions) {
        session_.on_local_complaint(std::move(made));
    } else {
        session_.on_local_answer(std::move(made));
    }
    out_.clear();
    out_.append(std::span<const std::byte>(std::exchange(before_error_, {})));
    append_error(out_, answer_sequence_, error);
    return write_answer();
}

session_action session_core::write_answer() {
    if (plan_.response == response_kind::no_answer) return finish_command();
    stage_ = stage::answering_locally;
    auto action = do_next(session_action::kind::write_client);
    action.bytes = out_.view();
    return action;
}

}  // namespace weir::splitter
