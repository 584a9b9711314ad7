#pragma once

#include "splitter/sql/digest_writer.hpp"
#include "splitter/sql/lexer.hpp"
#include "splitter/sql/literal_lists.hpp"
#include "splitter/sql/token.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::splitter {

/// Reduces the tokens of a text to what statements of one form have in common, its digest, and
/// hashes that. One pass, no allocation, never fails; the text of the digest need not be made for
/// its hash.
///
/// - Literals, NULL, TRUE and FALSE where a value stands, and the `?` of prepared statements become
///   `?`, with sign, introducer (_utf8'a', x'41') and further strings ('a' 'b'). Lists of them are
///   shortened: see literal_lists.
/// - Comments, hints among them, and a semicolon at the end are left out; what is in a version
///   comment that the server executes is part of the statement. White space is made uniform: see
///   digest_writer.
/// - Words of the keyword table are written in upper case. Other names keep their case, because
///   names of tables differ by it on most servers; and they keep their quotes. So `count(a)` and
///   `COUNT(a)` have two digests: few applications write both.
/// - What is not understood is written as [not understood], and ends the text.
///
/// The hash is that of the text. A digest's text has itself as its digest, read with the same
/// options.
class statement_digest {
public:
    statement_digest() noexcept = default;

    explicit statement_digest(const digest_hash::kept_text& kept) noexcept : writer_{kept} {}

    /// The next token of the text; its view is used until finish().
    void on_token(const token& current) noexcept;

    /// Passed over between the last token, a comma or an opening parenthesis, and the next one.
    void on_literals(const literal_run& run) noexcept;

    /// To be called once, at the end.
    [[nodiscard]] std::uint64_t finish() noexcept;

private:
    /// What the token before was.
    enum class before : std::uint8_t { start, operand, keyword, dot, ellipsis, mark };

    void settle(const token& next) noexcept;
    void on_keyword(const token& current) noexcept;
    void on_identifier(const token& current) noexcept;
    void on_name(std::string_view text) noexcept;
    void on_user_variable(std::string_view text) noexcept;
    void on_punctuation(char mark) noexcept;
    void on_mark(char mark) noexcept;
    void on_dot() noexcept;
    void on_value() noexcept;
    void on_other(std::string_view text) noexcept;
    [[nodiscard]] bool starts_operand() const noexcept;

    digest_writer writer_;
    literal_lists lists_;
    before before_ = before::start;
    std::string_view last_keyword_{};

    // What depends on the token after it is held back.
    std::string_view introducer_{};  ///< a word that may belong to a string
    std::uint8_t dots_ = 0;          ///< three of them are an ellipsis
    char sign_ = '\0';
    bool is_holding_ = false;  ///< one of the three
    bool is_after_string_ = false;
};

/// The hash of the text's digest.
[[nodiscard]] std::uint64_t digest_of(std::string_view text, const lexer_options& options) noexcept;

/// The text of the digest, cut after `limit` bytes.
[[nodiscard]] std::string digest_text(
    std::string_view text, const lexer_options& options, std::size_t limit
);

}  // namespace weir::splitter
