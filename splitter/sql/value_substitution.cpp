#include "splitter/sql/value_substitution.hpp"

#include "splitter/sql/token_word.hpp"
#include "splitter/sql/word.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

// A column without an alias is named after its text. So the lists of SELECT are followed, at every
// depth of parentheses, and a column in which something was replaced gets its former text as alias.

namespace weir::splitter {
namespace {

constexpr std::array<std::string_view, 12> asking_verbs{
    "select",
    "with",
    "values",
    "insert",
    "replace",
    "update",
    "delete",
    "set",
    "do",
    "kill",
    "call",
    "explain"};

/// Between SELECT and its first column.
constexpr std::array<std::string_view, 11> select_options{
    "all",
    "distinct",
    "distinctrow",
    "high_priority",
    "straight_join",
    "sql_small_result",
    "sql_big_result",
    "sql_buffer_result",
    "sql_cache",
    "sql_no_cache",
    "sql_calc_found_rows"};

constexpr std::array<std::string_view, 14> ends_of_columns{
    "from",
    "into",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "procedure",
    "for",
    "lock",
    "union",
    "except",
    "intersect",
    "window"};

/// Where connections go by the server's own numbers.
constexpr std::array<std::string_view, 10> lists_of_connections{
    "processlist",
    "performance_schema",
    "sys",
    "innodb_trx",
    "innodb_locks",
    "innodb_lock_waits",
    "metadata_lock_info",
    "threads",
    "is_used_lock",
    "release_all_locks"};

/// Functions that have nothing to warn of.
constexpr std::array<std::string_view, 5> quiet_functions{
    "connection_id", "found_rows", "if", "last_insert_id", "row_count"};

/// A part of a statement that uses no tables and can have no conditions of its own. `next`: behind
/// it.
bool is_quiet(const token& t, const token& next) noexcept {
    constexpr std::array kinds{
        token_kind::number,
        token_kind::assign,
        token_kind::quoted_identifier,
        token_kind::user_variable,
        token_kind::system_variable};
    if (is_one_of(t.text, quiet_functions) || same_word(t.text, "null")) return true;
    if (t.kind == token_kind::identifier) return !next.is('(');
    if (std::ranges::find(kinds, t.kind) != kinds.end()) return true;
    return t.is(keyword::select) || t.is(keyword::set) || t.is(keyword::as) || t.is('(') ||
           t.is(')') || t.is(',') || t.is('=') || t.is('-');
}

/// An integer of the widest type, as the functions give it, on every server.
std::string wide_integer(std::int64_t value) {
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    if (value < 0)
        return "(-" + std::to_string(largest) + "+" + std::to_string(largest + value) + ")";
    return "(" + std::to_string(largest) + "-" + std::to_string(largest - value) + ")";
}

/// The same without a sign, as a variable is: it could be NULL.
std::string wide_count(std::int64_t value) {
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
    const auto rest = largest - static_cast<std::uint64_t>(value);
    return "IF(1," + std::to_string(largest) + "-" + std::to_string(rest) + ",NULL)";
}

/// Behind these an alias may follow; besides what ends an operand anywhere, these keywords do.
bool is_operand_end(const token& t) noexcept {
    constexpr std::array<std::string_view, 4> closing_words{"end", "null", "true", "false"};
    return ends_operand(t) || (t.kind == token_kind::keyword && is_one_of(t.text, closing_words));
}

bool may_be_alias(const token& t) noexcept {
    return t.kind == token_kind::identifier || t.kind == token_kind::quoted_identifier ||
           t.kind == token_kind::string;
}

class substitution {
public:
    substitution(std::string_view text, const known_values& values, const lexer_options& options)
        : text_(text),
          values_(values),
          lexer_(text, options),
          keeps_conditions_(
              values.knows_several && options.flavor == protocol::mysql::server_flavor::mariadb
          ) {}

    std::string run() {
        levels_.emplace_back();
        count_own_warnings();
        while (true) {
            const token current = lexer_.next();
            if (current.kind == token_kind::unknown || current.kind == token_kind::unterminated)
                return {};
            if (begins_statement_ && !enter_statement(current)) return {};
            if (is_one_of(current.text, lists_of_connections)) values_.connection_id.reset();
            follow(current);
            keeps_conditions_ =
                keeps_conditions_ && (current.is(';') || is_quiet(current, ahead()));
            if (current.kind == token_kind::end) break;
        }
        if (!replaced_) return {};
        out_.append(text_.substr(copied_));
        return std::move(out_);
    }

private:
    /// One pair of parentheses, or the text outside all of them.
    struct level {
        bool in_columns = false;
        bool in_options = false;    ///< right behind SELECT
        bool has_replaced = false;  ///< in the column under way
        bool ever_replaced = false;
        bool has_as = false;
        std::size_t column_begin = 0;
        bool column_begun = false;
        token before_last{};
        token last{};
    };

    bool enter_statement(const token& first) {
        if (first.is(';') || first.is('(')) return true;
        begins_statement_ = false;
        kills_ = same_word(first.text, "kill");
        return first.kind == token_kind::end || is_one_of(first.text, asking_verbs);
    }

    void follow(const token& current) {
        if (current.kind == token_kind::end || current.is(';')) {
            while (levels_.size() > 1)
                leave();
            end_column();
            levels_.back() = {};
            if (current.is(';')) begin_next_statement();
            return;
        }
        if (current.is(')')) {
            if (levels_.size() > 1) leave();
            note(current);
            return;
        }
        auto& here = levels_.back();
        if (current.is(keyword::select)) {
            end_column();
            here.in_columns = true;
            here.in_options = true;
            return;
        }
        const bool ends = current.kind == token_kind::keyword && here.in_columns &&
                          is_one_of(current.text, ends_of_columns);
        if (ends || (here.in_columns && current.is(','))) {
            end_column();
            here.in_columns = !ends;
            return;
        }
        if (here.in_options && is_one_of(current.text, select_options)) return;
        here.in_options = false;
        note(current);
        if (current.is('(')) levels_.emplace_back();
        replace(current);
    }

    void begin_next_statement() {
        begins_statement_ = true;
        values_.row_count.reset();
        values_.found_rows.reset();
        if (keeps_conditions_) return;
        values_.warnings.reset();
        values_.errors.reset();
    }

    [[nodiscard]] token ahead() const noexcept {
        lexer reader = lexer_;
        return reader.next();
    }

    void leave() {
        end_column();
        const bool replaced = levels_.back().ever_replaced;
        levels_.pop_back();
        if (replaced) mark_replaced();
    }

    void mark_replaced() {
        replaced_ = true;
        levels_.back().has_replaced = true;
        levels_.back().ever_replaced = true;
    }

    /// One more token of the column under way.
    void note(const token& current) {
        auto& here = levels_.back();
        if (!here.column_begun) {
            here.column_begun = true;
            here.column_begin = offset_of(current);
        }
        if (current.is(keyword::as)) here.has_as = true;
        here.before_last = here.last;
        here.last = current;
    }

    void end_column() {
        auto& here = levels_.back();
        const bool is_named =
            here.has_as || (may_be_alias(here.last) && is_operand_end(here.before_last));
        if (here.in_columns && here.has_replaced && !is_named) name_column(here);
        level next;
        next.in_columns = here.in_columns;
        next.ever_replaced = here.ever_replaced;
        here = next;
    }

    void name_column(const level& here) {
        const std::size_t end = offset_of(here.last) + here.last.text.size();
        copy_to(end);
        out_ += " AS `";
        for (const char c : text_.substr(here.column_begin, end - here.column_begin)) {
            if (c == '`') out_ += c;
            out_ += c;
        }
        out_ += '`';
    }

    void replace(const token& current) {
        if (current.kind == token_kind::system_variable) return replace_variable(current);
        if (current.kind != token_kind::identifier || lexer_.position() >= text_.size()) return;
        lexer ahead = lexer_;
        if (!ahead.next().is('(') || !ahead.next().is(')')) return;
        std::string value;
        if (same_word(current.text, "connection_id") && values_.connection_id) {
            value = std::to_string(*values_.connection_id);
            // Where we read it ourselves it is to be a plain number.
            if (!kills_) value = "CAST(" + value + " AS UNSIGNED)";
        } else if (same_word(current.text, "row_count") && values_.row_count) {
            value = wide_integer(*values_.row_count);
        } else if (same_word(current.text, "found_rows") && values_.found_rows) {
            value = found_rows();
        }
        if (value.empty() || levels_.back().before_last.is('.')) return;
        put(offset_of(current), ahead.position(), value);
        lexer_ = ahead;
        // What stands there now ends with a parenthesis, as before.
        levels_.back().last =
            token{.kind = token_kind::punctuation, .text = text_.substr(ahead.position() - 1, 1)};
    }

    /// MySQL warns of the function, once for each that stands there.
    [[nodiscard]] bool warns_of_found_rows() const {
        return !values_.has_warned &&
               lexer_.options().flavor == protocol::mysql::server_flavor::mysql &&
               lexer_.options().server_version >= 80000;
    }

    [[nodiscard]] std::string found_rows() const {
        const std::string value = wide_integer(*values_.found_rows);
        return warns_of_found_rows() ? "IF(1," + value + ",FOUND_ROWS())" : value;
    }

    /// These warnings are there before the counts are asked for, in place of the former ones.
    void count_own_warnings() {
        if (!warns_of_found_rows() || !values_.warnings) return;
        std::int64_t count = 0;
        lexer ahead = lexer_;
        token before = ahead.next();
        while (before.kind != token_kind::end && !before.is(';')) {
            const token current = ahead.next();
            if (current.is('(') && before.kind == token_kind::identifier &&
                same_word(before.text, "found_rows"))
                ++count;
            before = current;
        }
        if (count == 0) return;
        values_.warnings = count;
        values_.errors = 0;
    }

    void replace_variable(const token& current) {
        std::string_view name = current.text.substr(2);
        if (const auto dot = name.find('.'); dot != std::string_view::npos)
            name.remove_prefix(dot + 1);
        std::optional<std::int64_t> value;
        if (same_word(name, "warning_count")) value = values_.warnings;
        if (same_word(name, "error_count")) value = values_.errors;
        if (same_word(name, "weir_trace")) value = values_.trace;
        if (same_word(name, "pseudo_thread_id") && values_.connection_id)
            value = *values_.connection_id;
        if (!value) return;
        const std::size_t begin = offset_of(current);
        put(begin, begin + current.text.size(), wide_count(*value));
    }

    void put(std::size_t begin, std::size_t end, std::string_view value) {
        copy_to(begin);
        out_ += value;
        copied_ = end;
        mark_replaced();
    }

    void copy_to(std::size_t end) {
        if (end <= copied_) return;
        out_.append(text_.substr(copied_, end - copied_));
        copied_ = end;
    }

    [[nodiscard]] std::size_t offset_of(const token& t) const {
        return static_cast<std::size_t>(t.text.data() - text_.data());
    }

    std::string_view text_;
    known_values values_;
    lexer lexer_;
    std::vector<level> levels_;
    std::string out_;
    std::size_t copied_ = 0;  ///< bytes of the text that are in `out_`, or replaced there
    bool begins_statement_ = true;
    bool kills_ = false;
    /// MariaDB keeps those of the statement before over all that has come so far.
    bool keeps_conditions_;
    bool replaced_ = false;
};

}  // namespace

std::string with_known_values(
    std::string_view text, const known_values& values, const lexer_options& options
) {
    return substitution(text, values, options).run();
}

bool keeps_conditions(std::string_view text, const lexer_options& options) {
    lexer reader(text, options);
    for (token current = reader.next(); current.kind != token_kind::end;) {
        const token next = reader.next();
        if (!current.is(';') && !is_quiet(current, next)) return false;
        current = next;
    }
    return true;
}

bool ends_with_read_of_table(std::string_view text, const lexer_options& options) {
    lexer reader(text, options);
    bool is_first = true;
    bool selects = false;
    bool reads_table = false;
    std::size_t depth = 0;
    for (token current = reader.next(); current.kind != token_kind::end;) {
        const token next = reader.next();
        if (current.is(';')) {
            is_first = true;
        } else {
            if (std::exchange(is_first, false)) {
                selects = current.is(keyword::select);
                reads_table = false;
                depth = 0;
            }
            if (current.is('(')) ++depth;
            if (current.is(')') && depth > 0) --depth;
            if (depth == 0 && current.is(keyword::from))
                reads_table = may_be_name(next) && !same_word(next.text, "dual");
        }
        current = next;
    }
    return selects && reads_table;
}

}  // namespace weir::splitter
