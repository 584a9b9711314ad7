#include "splitter/relay/route_explanation.hpp"

#include "splitter/relay/own_plan.hpp"
#include "splitter/rules/statement_kinds.hpp"

#include <array>
#include <utility>

namespace weir::splitter {
namespace {

using type = local_result::column_type;

std::string_view name_of_target(route_target target) {
    switch (target) {
        case route_target::primary: return "primary";
        case route_target::replica: return "replica";
        case route_target::pinned: return "pinned";
        case route_target::proxy: return "proxy";
    }
    return "invalid";
}

/// Why weir answers it; empty: a server does.
std::string answered_here(const command_plan& plan) {
    switch (plan.what) {
        case command_plan::kind::refuse:
            return "answered by weir with error " +
                   std::to_string(static_cast<std::uint16_t>(plan.error.code)) + ": " +
                   plan.error.message;
        case command_plan::kind::conditions:
            return plan.where.connection == nullptr ? "answered by weir, which was told them" : "";
        case command_plan::kind::own: return is_processlist(plan) ? "" : "answered by weir";
        case command_plan::kind::ok:
        case command_plan::kind::set_option: return "answered by weir";
        case command_plan::kind::kill:
            return "runs where that session is; on the primary if the id is none of weir's";
        case command_plan::kind::relay:
        case command_plan::kind::nothing:
        case command_plan::kind::keep_data:
        case command_plan::kind::close_statement:
        case command_plan::kind::reset_session:
        case command_plan::kind::change_user:
        case command_plan::kind::tunnel:
        case command_plan::kind::quit: return {};
    }
    return {};
}

std::string in_hexadecimal(std::uint64_t digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(16, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, digest >>= 4U)
        *at = digits[digest & 0xFU];
    return "0x" + text;
}

}  // namespace

route_explanation explanation_of(
    const command_plan& plan, const lexer_options& options, std::string held_by
) {
    route_explanation explained;
    explained.reason = answered_here(plan);
    explained.is_answered_here = !explained.reason.empty();
    if (!explained.is_answered_here) {
        explained.reason =
            held_by.empty() ? std::string(name_of(plan.where.why)) : std::move(held_by);
    }
    statement_kinds kinds = kinds_of(plan.traits);
    kinds.add(kinds_of_words(plan.text, plan.traits, options));
    explained.kinds = to_string(kinds);
    if (plan.digest != 0) explained.digest = plan.digest;
    return explained;
}

local_result route_columns() {
    constexpr std::uint32_t name_length = 256;
    constexpr std::uint32_t text_length = 2048;
    constexpr std::uint32_t number_length = 21;
    local_result result;
    result.columns = {
        {"target", type::text, name_length},
        {"server", type::text, name_length, true},
        {"eligible", type::text, name_length},
        {"reason", type::text, text_length},
        {"lag_ms", type::wide_integer, number_length, true},
        {"digest", type::text, name_length, true},
        {"statement_kind", type::text, name_length}};
    return result;
}

local_result rows_of(const route_explanation& statement, const explained_servers& servers) {
    local_result result = route_columns();
    const std::string target(
        name_of_target(statement.is_answered_here ? route_target::proxy : servers.target)
    );
    using value = local_result::value;
    const value digest = statement.digest ? value(in_hexadecimal(*statement.digest)) : value();
    if (statement.is_answered_here || servers.servers.empty()) {
        result.rows.push_back(
            {target,
             value(),
             std::string(statement.is_answered_here ? "yes" : "no"),
             statement.is_answered_here ? statement.reason : "no server is known",
             value(),
             digest,
             statement.kinds}
        );
        return result;
    }
    for (const candidate_server& server : servers.servers) {
        std::string reason = server.reason;
        if (server.eligible)
            reason = statement.reason + (reason.empty() ? "" : "; ") + server.reason;
        result.rows.push_back(
            {target,
             server.name,
             std::string(server.eligible ? "yes" : "no"),
             std::move(reason),
             server.lag ? value(std::int64_t{server.lag->count()}) : value(),
             digest,
             statement.kinds}
        );
    }
    return result;
}

}  // namespace weir::splitter
