#pragma once

#include "splitter/sql/lexer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// All that the reading of a text depends on.
struct reading_subject {
    std::string_view text;
    const lexer_options& options;
    std::string_view schema;                ///< the current one
    std::uint64_t definitions_version = 0;  ///< known_definitions::version()
};

/// What a statement has in common with all that differ from it in plain literals only, and that
/// therefore have the same traits and the same digest: its bytes, with a mark in place of each run
/// of digits, of digits with a point, and of each string. One quick pass, no allocation.
///
/// Only texts whose tokens can be told without a lexer have a form: no comment, no backslash, no
/// double quote, no quote within a string, no control character but white space, none beyond ASCII
/// but in strings of UTF-8, one statement, and no more than `longest_text` bytes. Digits that may
/// belong to anything but such a number are kept as they are.
class statement_form {
public:
    static constexpr std::size_t longest_text = 512;

    // No text that has a form has these bytes.
    static constexpr char whole_number = '\x01';
    static constexpr char broken_number = '\x02';
    static constexpr char any_string = '\x03';

    explicit statement_form(const reading_subject& subject) noexcept;

    ~statement_form() = default;
    statement_form(const statement_form&) = delete;  // large, and wanted on the stack only
    statement_form& operator=(const statement_form&) = delete;

    /// False: the text has no form.
    [[nodiscard]] bool exists() const noexcept { return size_ != 0; }

    /// Equal for two subjects exactly if these have one form. View into this.
    [[nodiscard]] std::string_view bytes() const noexcept { return {bytes_.data(), size_}; }

    /// The text with a mark in place of each literal. View into this.
    [[nodiscard]] std::string_view marked_text() const noexcept {
        return exists() ? bytes().substr(text_at_) : std::string_view{};
    }

private:
    static constexpr std::size_t longest_schema = 256;  ///< 64 characters of UTF-8
    static constexpr std::size_t head = 16;             ///< version and options

    /// Not initialised: that would cost more than the rest.
    std::array<char, head + longest_schema + 1 + longest_text> bytes_;
    std::size_t text_at_ = 0;
    std::size_t size_ = 0;
};

}  // namespace weir::splitter
