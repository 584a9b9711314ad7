#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::protocol::mysql {

/// How a lexer must step through text of a character set. In the sets that have a kind of their own
/// the second byte of a character may be an ASCII byte, 0x5C (backslash) and 0x60 (backquote) among
/// them; in all others every byte below 0x80 is the ASCII character, so that a lexer may go byte by
/// byte. Source: MySQL manual "Character Sets and Collations"; the sets' own definitions.
enum class multibyte_kind : std::uint8_t {
    single_byte_or_utf8,
    big5,
    gbk,
    gb18030,
    sjis,
    cp932,
};

/// What a collation id from a greeting, a login or COM_CHANGE_USER means.
struct collation {
    std::uint16_t id = 0;
    std::string_view character_set;  ///< "utf8mb4"; static text
    multibyte_kind kind = multibyte_kind::single_byte_or_utf8;

    friend bool operator==(const collation&, const collation&) = default;
};

/// For an id that is not known the answer is {id, "", single_byte_or_utf8}.
[[nodiscard]] collation find_collation(std::uint16_t id) noexcept;

/// The id of a collation that clients are likely to name, case does not matter; 0: it is none of
/// these.
[[nodiscard]] std::uint16_t collation_named(std::string_view name) noexcept;

/// How to step through text of the set named so ("gbk", case does not matter); single_byte_or_utf8
/// if not known.
[[nodiscard]] multibyte_kind multibyte_kind_of(std::string_view character_set) noexcept;

/// Length in bytes of the character that starts with `first` and goes on with `second` in a set of
/// this kind: 1, 2 or, in gb18030, 4. `second` is 0 at the end of the text.
[[nodiscard]] std::size_t character_length(
    multibyte_kind kind, std::uint8_t first, std::uint8_t second
) noexcept;

}  // namespace weir::protocol::mysql
