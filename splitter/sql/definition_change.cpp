#include "splitter/sql/definition_change.hpp"

#include "splitter/sql/routine_catalog.hpp"
#include "splitter/sql/token_word.hpp"

#include <array>

namespace weir::splitter {
namespace {

using views = definition_change::views;

/// Words that tell what a CREATE, ALTER or DROP is about, whatever stands between.
constexpr std::array<std::string_view, 4> routine_words{
    "function", "procedure", "package", "aggregate"};
constexpr std::array<std::string_view, 3> defining_verbs{"create", "alter", "drop"};
constexpr std::array<std::string_view, 4> verbs_of_unseen_text{
    "execute", "call", "install", "uninstall"};
constexpr std::array<std::string_view, 2> words_before_a_name{"if", "not"};

/// [schema.]name, as far as it can be compared with names that others write.
struct written_name {
    std::string_view schema;
    std::string_view name;  ///< empty: none that can be compared
};

class change_reader {
public:
    change_reader(const lexer& reader, const routine_catalog* catalog, std::string_view schema)
        : lexer_{reader}, catalog_{catalog}, schema_{schema} {
        advance();
    }

    std::optional<definition_change> read() {
        while (current_.is(';'))
            advance();  // empty statements do not make a text one of several
        if (is_bare_word_of(current_, defining_verbs)) return define();
        if (is_bare_word(current_, "rename")) return definition_change{.which = views::any};
        // SET STATEMENT ... FOR, BEGIN NOT ATOMIC and other blocks of MariaDB hold whole
        // statements.
        if (current_.is(keyword::set) || current_.is(keyword::begin)) return block();
        if (is_bare_word(current_, "call")) return call();
        if (is_bare_word_of(current_, verbs_of_unseen_text)) return assumed();
        return std::nullopt;
    }

    /// Goes behind the statement's semicolon; false at the end of the text.
    bool next_statement() {
        while (!ends_statement(current_)) {
            const bool literals = current_.is(',') || current_.is('(');
            if (literals) (void)lexer_.skip_literals();
            advance();
        }
        if (current_.kind == token_kind::end) return false;
        advance();
        return true;
    }

private:
    static definition_change assumed() { return {.which = views::none, .is_assumed = true}; }

    void advance() { current_ = lexer_.next(); }

    /// CREATE [OR REPLACE] [ALGORITHM = x] [DEFINER = x@y] [SQL SECURITY x] VIEW [IF NOT EXISTS]
    /// name
    std::optional<definition_change> define() {
        constexpr int longest_head = 24;  // tokens before the word that tells
        const bool alters = is_bare_word(current_, "alter");
        advance();
        for (int i = 0; i < longest_head && !ends_statement(current_); ++i, advance()) {
            if (is_bare_word_of(current_, routine_words)) return definition_change{};
            if (current_.is(keyword::table)) return alters ? alter_table() : std::nullopt;
            if (is_bare_word(current_, "trigger")) return std::nullopt;
            if (!is_bare_word(current_, "view")) continue;
            advance();
            const written_name view = name();
            if (view.name.empty()) return definition_change{.which = views::any};
            return definition_change{.which = views::one, .name = std::string{view.name}};
        }
        return std::nullopt;
    }

    /// With RENAME it may be about a view.
    std::optional<definition_change> alter_table() {
        for (; !ends_statement(current_); advance()) {
            if (is_bare_word(current_, "rename")) return definition_change{.which = views::any};
        }
        return std::nullopt;
    }

    std::optional<definition_change> block() {
        bool defines = false;
        for (; current_.kind != token_kind::end; advance()) {
            if (current_.kind == token_kind::unknown) return definition_change{.which = views::any};
            if (is_bare_word(current_, "view") || is_bare_word(current_, "rename")) {
                return definition_change{.which = views::any};
            }
            defines = defines || is_bare_word_of(current_, routine_words) ||
                      is_bare_word_of(current_, verbs_of_unseen_text);
        }
        return defines ? std::optional{definition_change{}} : std::nullopt;
    }

    std::optional<definition_change> call() {
        advance();
        const written_name procedure = name();
        const std::string_view schema = procedure.schema.empty() ? schema_ : procedure.schema;
        const bool harmless =
            catalog_ != nullptr && catalog_->defines_nothing(schema, procedure.name);
        return harmless ? std::nullopt : std::optional{assumed()};
    }

    written_name name() {
        while (is_bare_word_of(current_, words_before_a_name) || is_bare_word(current_, "exists"))
            advance();
        written_name found;
        if (!may_be_name(current_)) return found;
        token last = current_;
        advance();
        while (current_.is('.')) {
            found.schema = without_quotes(last);
            advance();
            if (!may_be_name(current_)) return {};
            last = current_;
            advance();
        }
        found.name = without_quotes(last);
        const bool odd = std::ranges::any_of(found.name, [](char c) {
            return c == '`' || c == '"' || static_cast<unsigned char>(c) >= 0x80;
        });
        if (odd) found.name = {};
        return found;
    }

    lexer lexer_;
    const routine_catalog* catalog_;
    std::string_view schema_;
    token current_{};
};

definition_change sum(const definition_change& one, const definition_change& other) {
    if (one == other) return one;
    const bool is_about_views = one.which != views::none || other.which != views::none;
    if (!is_about_views) return {};  // one of them is certain
    if (one.which == views::none) return other;
    if (other.which == views::none) return one;
    return {.which = views::any};
}

}  // namespace

std::optional<definition_change> definition_change_of(
    std::string_view text,
    const statement_traits& traits,
    const lexer_options& options,
    const routine_catalog* catalog,
    std::string_view schema
) {
    using kind = statement_traits::kind;
    const bool several = traits.what == kind::several;
    if (!several && traits.what != kind::write) return std::nullopt;
    if (traits.only_reads) return std::nullopt;
    change_reader reader{lexer{text, options}, catalog, schema};
    std::optional<definition_change> all = reader.read();
    while (several && reader.next_statement()) {
        const auto one = reader.read();
        if (one) all = all ? sum(*all, *one) : *one;
    }
    return all;
}

}  // namespace weir::splitter
