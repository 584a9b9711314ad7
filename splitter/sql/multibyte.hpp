#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::splitter {

/// What a lexer must know of a client's character set: where a character ends, so that the second
/// byte of one is not taken for a quote or a backslash.
enum class multibyte_kind : std::uint8_t {
    utf8,         ///< utf8mb3, utf8mb4: no byte of a longer character is ASCII
    single_byte,  ///< latin1, cp1251, ascii, binary, ...: a high byte may be a letter, a space or
                  ///< neither
    high_trail,   ///< gb2312, euckr, ujis, eucjpms: trail bytes are high or letters, never quotes
    big5,         ///< trail byte 0x40..0x7E or high
    gbk,          ///< trail byte 0x40..0x7E or high
    gb18030,      ///< as gbk, and four bytes whose second and fourth are digits
    sjis,         ///< sjis, cp932: trail byte 0x40..0x7E or high
    unknown,      ///< no set that a client may use: a high byte is not understood
};

/// The kind of the character set of that name, as in SET NAMES or `character_set_client`.
[[nodiscard]] multibyte_kind multibyte_of(std::string_view character_set_name) noexcept;

/// True if a character of this kind may contain a byte that looks like ASCII punctuation.
[[nodiscard]] constexpr bool hides_punctuation(multibyte_kind kind) noexcept {
    return kind == multibyte_kind::big5 || kind == multibyte_kind::gbk ||
           kind == multibyte_kind::gb18030 || kind == multibyte_kind::sjis;
}

/// Bytes of the character that `text` starts with; 0 if it starts with no character of this kind (a
/// lead byte without its trail). `text` is not empty. An ASCII byte is a character of 1; so is any
/// byte of a single-byte kind.
[[nodiscard]] std::size_t character_length(multibyte_kind kind, std::string_view text) noexcept;

}  // namespace weir::splitter
