#pragma once

#include "protocol/mysql/gtid_set.hpp"
#include "splitter/sql/multibyte.hpp"
#include "splitter/sql/token.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// What the reading of a text depends on: the session's sql_mode and character set, and the server
/// that will run it.
struct lexer_options {
    bool ansi_quotes = false;                       ///< sql_mode has ANSI_QUOTES
    bool no_backslash_escapes = false;              ///< sql_mode has NO_BACKSLASH_ESCAPES
    bool ignore_space = false;                      ///< sql_mode has IGNORE_SPACE
    multibyte_kind charset = multibyte_kind::utf8;  ///< of character_set_client
    protocol::mysql::server_flavor flavor = protocol::mysql::server_flavor::mysql;
    /// Major * 10000 + minor * 100 + patch: 80400, 101106. 0 if not known: then comments that
    /// depend on the version are not understood, and functions younger than MySQL 5.7 and
    /// MariaDB 10.2 are not built in.
    std::uint32_t server_version = 0;
};

/// What skip_literals() passed over: "literal ," again and again, and in between "literal ) , (".
struct literal_run {
    std::size_t first_values = 0;  ///< literals up to the first end of a row; all, if there is none
    std::size_t row_ends = 0;
    std::size_t last_values = 0;  ///< literals since the last end of a row; 0 if there is none

    [[nodiscard]] constexpr bool is_empty() const noexcept { return first_values == 0; }

    friend bool operator==(const literal_run&, const literal_run&) = default;
};

/// Splits SQL text into tokens as the server that gets it would. No allocation; a small value: a
/// copy of a lexer reads ahead without moving the original. `text` and `options` must outlive it.
///
/// Comments that the server's flavor and version execute are read as SQL, others are skipped. Where
/// servers differ in a way that the options do not settle, the rest of the text is one `unknown`
/// token. Sources: MySQL manual "Comments", "String Literals", "Schema Object Names", "User-Defined
/// Variables"; MariaDB knowledge base "Comment Syntax".
class lexer {
public:
    lexer(std::string_view text, const lexer_options& options) noexcept
        : text_{text}, options_{&options} {}

    lexer(std::string_view text, const lexer_options&& options) =
        delete;  // they would not outlive it

    /// The next token, comments left out. At the end: `end`, again and again.
    [[nodiscard]] token next() noexcept;

    /// The same, with every comment that is not executed as a token.
    [[nodiscard]] token next_with_comments() noexcept;

    /// Passes quickly over literals that are separated by commas or by the end of one row and the
    /// start of the next, as in a long list of VALUES. To be called after a comma or an opening
    /// parenthesis; stops after another one of these. Literals that are in any way special are left
    /// for next().
    literal_run skip_literals() noexcept;

    /// Offset in the text of the first byte after the last token.
    [[nodiscard]] std::size_t position() const noexcept { return position_; }

    [[nodiscard]] std::string_view text() const noexcept { return text_; }

    [[nodiscard]] const lexer_options& options() const noexcept { return *options_; }

private:
    [[nodiscard]] char at(std::size_t offset) const noexcept {
        return offset < text_.size() ? text_[offset] : '\0';
    }

    [[nodiscard]] token make(token_kind kind, std::size_t end) noexcept;

    [[nodiscard]] token rest_as(token_kind kind) noexcept;

    [[nodiscard]] token name_after_dot() noexcept;
    [[nodiscard]] token end_of_text() noexcept;
    [[nodiscard]] token punctuation() noexcept;
    [[nodiscard]] token line_comment(std::size_t from) noexcept;
    [[nodiscard]] token block_comment() noexcept;
    [[nodiscard]] token optimizer_hint(std::size_t end) noexcept;
    [[nodiscard]] bool at_version_comment() const noexcept;
    [[nodiscard]] token version_comment() noexcept;
    [[nodiscard]] token number() noexcept;
    [[nodiscard]] token fraction(std::size_t from) noexcept;
    [[nodiscard]] token word(std::size_t from) noexcept;
    [[nodiscard]] token quoted(char quote) noexcept;
    [[nodiscard]] token variable() noexcept;
    [[nodiscard]] token system_variable() noexcept;
    [[nodiscard]] token backslash() noexcept;

    [[nodiscard]] std::size_t end_of_string(std::size_t from, char quote) const noexcept;
    [[nodiscard]] std::size_t end_of_multibyte_string(std::size_t from, char quote) const noexcept;
    [[nodiscard]] std::size_t end_of_quoted_identifier(std::size_t from, char quote) const noexcept;
    [[nodiscard]] std::size_t end_of_literal(std::size_t from) const noexcept;
    [[nodiscard]] std::size_t end_of_name(std::size_t from) const noexcept;
    [[nodiscard]] std::size_t end_of_skipped_comment(std::size_t from) const noexcept;

    std::string_view text_;
    const lexer_options* options_;
    std::size_t position_ = 0;
    bool in_version_comment_ = false;  ///< inside a comment that is executed; these do not nest
    bool name_follows_ =
        false;  ///< the dot before the next byte makes a name of it, keyword or digit
    bool separator_follows_ = false;  ///< the next byte is such a dot
};

}  // namespace weir::splitter
