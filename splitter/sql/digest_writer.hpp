#pragma once

#include "splitter/sql/digest_hash.hpp"

#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// Writes the words and marks of a digest's text with one way of spacing, whatever the statement's
/// was: `SELECT COUNT(*), a.b FROM t WHERE a.b >= ? AND c IN (...); COMMIT`. Read by a lexer again,
/// the text has the tokens that were written.
class digest_writer {
public:
    digest_writer() noexcept = default;

    explicit digest_writer(const digest_hash::kept_text& kept) noexcept : out_{kept} {}

    /// In upper case.
    void write_keyword(std::string_view text) noexcept;
    /// An unquoted name.
    void write_name(std::string_view text) noexcept;
    /// With its quotes.
    void write_quoted_name(std::string_view text) noexcept;
    /// One character: punctuation or a piece of an operator, not a semicolon.
    void write_mark(char mark) noexcept;
    /// Anything else, set apart by spaces.
    void write_other(std::string_view text) noexcept;
    /// A semicolon follows if another statement does.
    void end_statement() noexcept;

    [[nodiscard]] std::uint64_t finish() noexcept { return out_.finish(); }

private:
    enum class written : std::uint8_t {
        nothing,  ///< of this statement
        open,     ///< (
        keyword,
        name,
        quoted_name,
        dot_of_name,  ///< directly behind an unquoted word
        dot,          ///< any other
        other,
    };

    enum class spacing : std::uint8_t { apart, joined };

    void begin(spacing how) noexcept;

    [[nodiscard]] bool is_after_dot() const noexcept {
        return last_ == written::dot_of_name || last_ == written::dot;
    }

    [[nodiscard]] spacing spacing_before(char mark) const noexcept;
    [[nodiscard]] written kind_of(char mark) const noexcept;

    digest_hash out_;
    written last_ = written::nothing;
    char last_mark_ = '\0';  ///< '\0': no mark was written last
    bool semicolon_is_due_ = false;
};

}  // namespace weir::splitter
