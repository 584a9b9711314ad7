#include "splitter/session/shared_statements.hpp"

#include "splitter/session/session_state.hpp"

#include <algorithm>

namespace weir::splitter {

using protocol::mysql::server_flavor;

namespace {

std::string context_of(const session_state& state, server_flavor flavor) {
    std::string context = state.schema();
    for (const std::string_view name : variables_of_meaning(flavor)) {
        context += '\0';
        const auto& variables = state.variables();
        const auto found = std::ranges::find(variables, name, &session_variable::name);
        if (found == variables.end()) continue;
        context += found->value ? '=' : '-';
        context += found->value.value_or(std::string());
    }
    return context;
}

meaning_variables variables_under(const session_state& state, server_flavor flavor) {
    meaning_variables found;
    const auto& variables = state.variables();
    for (const std::string_view name : variables_of_meaning(flavor)) {
        const auto one = std::ranges::find(variables, name, &session_variable::name);
        if (one != variables.end()) found.push_back(*one);
    }
    return found;
}

}  // namespace

bool shared_statement::means_the_same(const session_state& state) const {
    return context_ == context_of(state, meaning_.flavor);
}

std::optional<meaning_variables> shared_statement::renewed_under(const session_state& state) const {
    auto variables = variables_under(state, meaning_.flavor);
    if (variables == meaning_.variables) return std::nullopt;
    return variables;
}

statement_use::statement_use(shared_statements& of, shared_statement_pointer what) noexcept
    : of_(&of), what_(std::move(what)) {
    ++what_->users_;
}

statement_use::statement_use(statement_use&& other) noexcept
    : of_(other.of_), what_(std::move(other.what_)) {}

statement_use& statement_use::operator=(statement_use&& other) noexcept {
    std::swap(of_, other.of_);
    what_.swap(other.what_);
    return *this;
}

statement_use::~statement_use() {
    if (what_ != nullptr && --what_->users_ == 0) of_->give_up(*what_);
}

statement_use shared_statements::use(
    std::string_view text, const session_state& state, server_flavor flavor
) {
    const std::string context = context_of(state, flavor);
    const auto known = statements_.find({text, context});
    if (known != statements_.end()) return statement_use(*this, known->second);
    // Held by an intrusive count.
    const shared_statement_pointer made(new shared_statement(
        std::string(text), context, {flavor, state.schema(), variables_under(state, flavor)}
    ));
    statements_.emplace(key{made->text_, made->context_}, made.get());
    return statement_use(*this, made);
}

void shared_statements::give_up(shared_statement& statement) {
    statements_.erase({statement.text_, statement.context_});
    ++unwanted_;
}

}  // namespace weir::splitter
