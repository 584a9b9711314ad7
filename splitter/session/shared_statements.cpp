#include "splitter/session/shared_statements.hpp"

#include "splitter/session/session_state.hpp"

#include <algorithm>
#include <array>

namespace weir::splitter {
namespace {

/// What else the meaning of a text depends on when it is prepared.
constexpr std::array<std::string_view, 4> variables_of_meaning{
    "character_set_client", "character_set_connection", "collation_connection", "sql_mode"};

std::string context_of(const session_state& state) {
    std::string context = state.schema();
    for (const std::string_view name : variables_of_meaning) {
        context += '\0';
        const auto& variables = state.variables();
        const auto found = std::ranges::find(variables, name, &session_variable::name);
        if (found == variables.end()) continue;
        context += found->value ? '=' : '-';
        context += found->value.value_or(std::string());
    }
    return context;
}

}  // namespace

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

statement_use shared_statements::use(std::string_view text, const session_state& state) {
    const std::string context = context_of(state);
    const auto known = statements_.find({text, context});
    if (known != statements_.end()) return statement_use(*this, known->second);
    const shared_statement_pointer made(new shared_statement(std::string(text), context)
    );  // held by an intrusive count
    statements_.emplace(key{made->text_, made->context_}, made.get());
    return statement_use(*this, made);
}

void shared_statements::give_up(shared_statement& statement) {
    statements_.erase({statement.text_, statement.context_});
    ++unwanted_;
}

}  // namespace weir::splitter
