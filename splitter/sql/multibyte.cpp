#include "splitter/sql/multibyte.hpp"

#include "splitter/sql/word.hpp"

#include <array>

namespace weir::splitter {
namespace {

struct named_kind {
    std::string_view name;
    multibyte_kind kind;
};

// MySQL manual "Supported Character Sets and Collations", MariaDB "Supported Character Sets"; ucs2,
// utf16, utf16le and utf32 cannot be client character sets.
constexpr std::array named_kinds{
    named_kind{"utf8", multibyte_kind::utf8},
    named_kind{"utf8mb3", multibyte_kind::utf8},
    named_kind{"utf8mb4", multibyte_kind::utf8},
    named_kind{"big5", multibyte_kind::big5},
    named_kind{"gbk", multibyte_kind::gbk},
    named_kind{"gb18030", multibyte_kind::gb18030},
    named_kind{"sjis", multibyte_kind::sjis},
    named_kind{"cp932", multibyte_kind::sjis},
    named_kind{"gb2312", multibyte_kind::high_trail},
    named_kind{"euckr", multibyte_kind::high_trail},
    named_kind{"ujis", multibyte_kind::high_trail},
    named_kind{"eucjpms", multibyte_kind::high_trail},
};

constexpr std::array<std::string_view, 26> single_byte_names{
    "armscii8", "ascii",  "binary",  "cp1250", "cp1251", "cp1256",   "cp1257",  "cp850", "cp852",
    "cp866",    "dec8",   "geostd8", "greek",  "hebrew", "hp8",      "keybcs2", "koi8r", "koi8u",
    "latin1",   "latin2", "latin5",  "latin7", "macce",  "macroman", "swe7",    "tis620"};

constexpr bool within(unsigned char byte, unsigned low, unsigned high) noexcept {
    return byte >= low && byte <= high;
}

struct byte_pair {
    unsigned char lead;
    unsigned char trail;
};

bool is_pair(multibyte_kind kind, byte_pair bytes) noexcept {
    const bool low_trail = within(bytes.trail, 0x40, 0x7E);
    switch (kind) {
        case multibyte_kind::big5:
            return within(bytes.lead, 0xA1, 0xF9) && (low_trail || within(bytes.trail, 0xA1, 0xFE));
        case multibyte_kind::gbk:
        case multibyte_kind::gb18030:
            return within(bytes.lead, 0x81, 0xFE) && (low_trail || within(bytes.trail, 0x80, 0xFE));
        case multibyte_kind::sjis:
            return (within(bytes.lead, 0x81, 0x9F) || within(bytes.lead, 0xE0, 0xFC)) &&
                   (low_trail || within(bytes.trail, 0x80, 0xFC));
        case multibyte_kind::utf8:
        case multibyte_kind::single_byte:
        case multibyte_kind::high_trail:
        case multibyte_kind::unknown: break;
    }
    return false;
}

std::size_t pair_length(multibyte_kind kind, std::string_view text) noexcept {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (kind == multibyte_kind::sjis && within(byte(0), 0xA1, 0xDF)) return 1;  // half-width kana
    if (text.size() >= 2 && is_pair(kind, {byte(0), byte(1)})) return 2;
    if (kind != multibyte_kind::gb18030 || text.size() < 4) return 0;
    const bool four = within(byte(0), 0x81, 0xFE) && within(byte(1), 0x30, 0x39) &&
                      within(byte(2), 0x81, 0xFE) && within(byte(3), 0x30, 0x39);
    return four ? 4 : 0;
}

std::size_t utf8_length(std::string_view text) noexcept {
    const auto lead = static_cast<unsigned char>(text[0]);
    std::size_t length = 0;
    if (within(lead, 0xC2, 0xDF)) length = 2;
    if (within(lead, 0xE0, 0xEF)) length = 3;
    if (within(lead, 0xF0, 0xF4)) length = 4;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!within(static_cast<unsigned char>(text[i]), 0x80, 0xBF)) return 0;
    }
    return length;
}

}  // namespace

multibyte_kind multibyte_of(std::string_view character_set_name) noexcept {
    for (const named_kind& entry : named_kinds) {
        if (same_word(entry.name, character_set_name)) return entry.kind;
    }
    return is_one_of(character_set_name, single_byte_names) ? multibyte_kind::single_byte
                                                            : multibyte_kind::unknown;
}

std::size_t character_length(multibyte_kind kind, std::string_view text) noexcept {
    if (static_cast<unsigned char>(text[0]) < 0x80) return 1;
    switch (kind) {
        case multibyte_kind::utf8: return utf8_length(text);
        case multibyte_kind::single_byte:
        case multibyte_kind::high_trail: return 1;
        case multibyte_kind::big5:
        case multibyte_kind::gbk:
        case multibyte_kind::gb18030:
        case multibyte_kind::sjis: return pair_length(kind, text);
        case multibyte_kind::unknown: break;
    }
    return 0;
}

}  // namespace weir::splitter
