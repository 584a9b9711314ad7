#include "splitter/session/shared_statements.hpp"

#include "splitter/session/session_state.hpp"
#include "splitter/sql/lower_case.hpp"

#include <algorithm>

namespace weir::splitter {

using protocol::mysql::server_flavor;

std::string any_of_type(const std::string& value) {
    constexpr std::size_t digits_max = 18;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const std::string_view number = std::string_view(value).substr(value.starts_with('-') ? 1 : 0);
    const bool is_integer =
        !number.empty() && number.size() <= digits_max && std::ranges::all_of(number, is_digit);
    if (is_integer) return "0";
    return value.starts_with('\'') && value.ends_with('\'') ? "''" : value;
}

namespace {

/// In whatever quotes.
bool may_be_in(std::string_view lowered_text, std::string_view user_variable) {
    auto at = lowered_text.find(user_variable);
    for (; at != std::string_view::npos; at = lowered_text.find(user_variable, at + 1)) {
        const auto before = lowered_text.substr(0, at);
        const bool is_quoted = !before.empty() && (before.back() == '`' || before.back() == '\'' ||
                                                   before.back() == '"');
        if (before.ends_with('@') || (is_quoted && before.substr(0, at - 1).ends_with('@')))
            return true;
    }
    // A quote within a name is doubled.
    return user_variable.find_first_of("`'\"\\") != std::string_view::npos;
}

std::vector<session_variable> types_of_user_variables(
    std::string_view text, const session_state& state, server_flavor flavor
) {
    std::vector<session_variable> found;
    const auto& known = state.user_variables();
    const bool may_be_any = flavor == server_flavor::mysql && !known.empty() &&
                            text.find('@') != std::string_view::npos;
    if (!may_be_any) return found;
    const std::string lowered = lower_case(text);
    for (const auto& one : known) {
        if (may_be_in(lowered, one.name))
            found.push_back({one.name, any_of_type(one.value.value_or("NULL"))});
    }
    std::ranges::sort(found, {}, &session_variable::name);
    return found;
}

std::string context_of(std::string_view text, const session_state& state, server_flavor flavor) {
    std::string context = state.schema();
    for (const std::string_view name : variables_of_meaning(flavor)) {
        context += '\0';
        const auto& variables = state.variables();
        const auto found = std::ranges::find(variables, name, &session_variable::name);
        if (found == variables.end()) continue;
        context += found->value ? '=' : '-';
        context += found->value.value_or(std::string());
    }
    for (const auto& one : types_of_user_variables(text, state, flavor))
        context += '\0' + one.name + '=' + *one.value;
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
    return context_ == context_of(text_, state, meaning_.flavor);
}

bool shared_statement::may_name(std::string_view user_variable) const {
    return may_be_in(lower_case(text_), user_variable);
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
    const std::string context = context_of(text, state, flavor);
    const auto known = statements_.find({text, context});
    if (known != statements_.end()) return statement_use(*this, known->second);
    // Held by an intrusive count.
    const shared_statement_pointer made(new shared_statement(
        std::string(text),
        context,
        {flavor,
         state.schema(),
         variables_under(state, flavor),
         types_of_user_variables(text, state, flavor)}
    ));
    statements_.emplace(key{made->text_, made->context_}, made.get());
    return statement_use(*this, made);
}

void shared_statements::give_up(shared_statement& statement) {
    statements_.erase({statement.text_, statement.context_});
    ++unwanted_;
}

}  // namespace weir::splitter
