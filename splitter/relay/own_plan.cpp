#include "splitter/relay/own_plan.hpp"

#include <string>
#include <utility>

namespace weir::splitter {

using protocol::mysql::command;
using protocol::mysql::response_kind;
using protocol::mysql::server_errc;

namespace {

command_plan refusal(server_errc code, std::string message) {
    command_plan plan;
    plan.what = command_plan::kind::refuse;
    plan.error = {code, std::move(message)};
    return plan;
}

}  // namespace

command_plan plan_own(const own_statement& own, command of) {
    if (own.what == own_statement::kind::malformed) {
        return refusal(
            server_errc::parse_error,
            "You have an error in your SQL syntax; weir understands EXPLAIN ROUTE <statement> and "
            "SHOW WEIR PINS, near '" +
                std::string(own.rest.substr(0, 80)) + "'"
        );
    }
    if (own.what == own_statement::kind::bad_value) {
        return refusal(
            server_errc::wrong_value_for_variable,
            "Variable 'weir_trace' can't be set to the value of '" + std::string(own.rest) + "'"
        );
    }
    command_plan plan;
    plan.what = command_plan::kind::own;
    plan.command = of;
    plan.own = own;
    return plan;
}

std::optional<command_plan> take_gtid(
    std::string_view text, session& session, const environment& world
) {
    const auto set = protocol::mysql::gtid_set::parse(text, world.flavor);
    if (!set) {
        return refusal(
            server_errc::wrong_value_for_variable,
            "Variable 'weir_gtid' can't be set to the value of '" + std::string(text) + "'"
        );
    }
    session.written.require(*set);
    return std::nullopt;
}

command_plan plan_own_prepare(
    const own_statement& own, std::string_view text, session& session, const environment& world
) {
    command_plan plan = plan_own(own, command::stmt_prepare);
    if (plan.what == command_plan::kind::refuse) return plan;
    plan.response = response_kind::prepare;
    const lexer_options options = reading_options(session, world);
    plan.statement =
        &session.statements.add(world.statements->use(text, session.state, world.flavor), {});
    plan.statement->is_own = true;
    plan.statement->reading = options;
    plan.statement->parameters = static_cast<std::uint16_t>(count_parameters(text, options));
    return plan;
}

command_plan plan_process_info() {
    command_plan plan = plan_own({own_statement::kind::show_processlist}, command::process_info);
    plan.effect = statement_effect::none;
    return plan;
}

void answer_processlist(command_plan& plan, const lexer_options& options) {
    const auto own = parse_own_statement(plan.text, options);
    if (!own || own->what != own_statement::kind::show_processlist) return;
    plan.what = command_plan::kind::own;
    plan.own = *own;
    plan.effect = statement_effect::none;
}

command_plan reject(command_plan& plan) {
    command_plan rejected =
        refusal(server_errc::unknown_error, plan.rules->decision.reject->then.reject);
    rejected.rules = std::move(plan.rules);
    return rejected;
}

}  // namespace weir::splitter
