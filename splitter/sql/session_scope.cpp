#include "splitter/sql/session_scope.hpp"

#include "splitter/sql/lower_case.hpp"
#include "splitter/sql/set_statement.hpp"
#include "splitter/sql/word.hpp"

#include <array>
#include <cstddef>

namespace weir::splitter {
namespace {

constexpr std::string_view scope = "session.";

constexpr std::array<std::string_view, 4> variables_of_transactions{
    "transaction_isolation", "transaction_read_only", "tx_isolation", "tx_read_only"};

/// Statements that hold no statement of their own.
constexpr std::array<std::string_view, 9> simple_verbs{
    "set", "select", "insert", "update", "delete", "replace", "use", "commit", "rollback"};

bool is_unscoped(std::string_view variable) noexcept {
    return variable.find('.') == std::string_view::npos &&
           !is_one_of(variable.substr(2), variables_of_transactions);
}

/// Goes through a text and gives the targets of assignments that have no scope, one after the
/// other.
class target_finder {
public:
    target_finder(std::string_view text, const lexer_options& options) noexcept
        : lexer_{text, options} {}

    /// The next such variable, a view into the text; empty at the end.
    [[nodiscard]] std::string_view next() noexcept {
        while (true) {
            const token current = lexer_.next();
            if (current.kind == token_kind::end) return {};
            if (begins_statement_ && !enter_statement(current)) return {};
            const bool found = may_be_target_ && is_target(current);
            begins_statement_ = current.is(';');
            if (current.is('(')) ++depth_;
            if (current.is(')')) --depth_;
            may_be_target_ =
                in_set_ && depth_ == 0 && (current.is(keyword::set) || current.is(','));
            if (found) return current.text;
        }
    }

private:
    [[nodiscard]] token following() const noexcept {
        lexer ahead = lexer_;
        return ahead.next();
    }

    /// False: other statements may be inside this one.
    [[nodiscard]] bool enter_statement(const token& first) noexcept {
        in_set_ = first.is(keyword::set);
        if (in_set_) return !same_word(following().text, "statement");
        return first.is(';') || is_one_of(first.text, simple_verbs);
    }

    [[nodiscard]] bool is_target(const token& current) const noexcept {
        if (current.kind != token_kind::system_variable || !is_unscoped(current.text)) return false;
        const token sign = following();
        return sign.is('=') || sign.kind == token_kind::assign;
    }

    lexer lexer_;
    std::ptrdiff_t depth_ = 0;
    bool begins_statement_ = true;
    bool in_set_ = false;
    bool may_be_target_ = false;
};

}  // namespace

scoped_text with_session_scope(std::string_view text, const lexer_options& options) {
    scoped_text scoped;
    auto& [written, unscoped] = scoped;
    const char* copied = text.data();
    target_finder targets(text, options);
    while (true) {
        const std::string_view target = targets.next();
        if (target.empty()) break;
        const char* const name = target.data() + 2;
        written.append(copied, name);
        written += scope;
        copied = name;
        unscoped.names.push_back(lower_case(target.substr(2)));
    }
    if (written.empty()) return scoped;
    written.append(copied, text.data() + text.size());
    const set_statement set = parse_set(text, options);
    unscoped.are_all = set.assignments().size() == unscoped.names.size();
    return scoped;
}

}  // namespace weir::splitter
