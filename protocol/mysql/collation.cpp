#include "protocol/mysql/collation.hpp"

#include "protocol/mysql/ascii_lower.hpp"

#include <algorithm>
#include <array>

namespace weir::protocol::mysql {
namespace {

/// Collation ids that belong to one character set, closed.
struct id_range {
    std::uint16_t first;
    std::uint16_t last;
    std::string_view character_set;
};

/// Sorted by id; gaps are ids that no server uses. Ids from 2048 are MariaDB's uca1400 collations.
constexpr std::array ranges{
    id_range{1, 1, "big5"},        id_range{2, 2, "latin2"},        id_range{3, 3, "dec8"},
    id_range{4, 4, "cp850"},       id_range{5, 5, "latin1"},        id_range{6, 6, "hp8"},
    id_range{7, 7, "koi8r"},       id_range{8, 8, "latin1"},        id_range{9, 9, "latin2"},
    id_range{10, 10, "swe7"},      id_range{11, 11, "ascii"},       id_range{12, 12, "ujis"},
    id_range{13, 13, "sjis"},      id_range{14, 14, "cp1251"},      id_range{15, 15, "latin1"},
    id_range{16, 16, "hebrew"},    id_range{18, 18, "tis620"},      id_range{19, 19, "euckr"},
    id_range{20, 20, "latin7"},    id_range{21, 21, "latin2"},      id_range{22, 22, "koi8u"},
    id_range{23, 23, "cp1251"},    id_range{24, 24, "gb2312"},      id_range{25, 25, "greek"},
    id_range{26, 26, "cp1250"},    id_range{27, 27, "latin2"},      id_range{28, 28, "gbk"},
    id_range{29, 29, "cp1257"},    id_range{30, 30, "latin5"},      id_range{31, 31, "latin1"},
    id_range{32, 32, "armscii8"},  id_range{33, 33, "utf8mb3"},     id_range{34, 34, "cp1250"},
    id_range{35, 35, "ucs2"},      id_range{36, 36, "cp866"},       id_range{37, 37, "keybcs2"},
    id_range{38, 38, "macce"},     id_range{39, 39, "macroman"},    id_range{40, 40, "cp852"},
    id_range{41, 42, "latin7"},    id_range{43, 43, "macce"},       id_range{44, 44, "cp1250"},
    id_range{45, 46, "utf8mb4"},   id_range{47, 49, "latin1"},      id_range{50, 52, "cp1251"},
    id_range{53, 53, "macroman"},  id_range{54, 55, "utf16"},       id_range{56, 56, "utf16le"},
    id_range{57, 57, "cp1256"},    id_range{58, 59, "cp1257"},      id_range{60, 61, "utf32"},
    id_range{62, 62, "utf16le"},   id_range{63, 63, "binary"},      id_range{64, 64, "armscii8"},
    id_range{65, 65, "ascii"},     id_range{66, 66, "cp1250"},      id_range{67, 67, "cp1256"},
    id_range{68, 68, "cp866"},     id_range{69, 69, "dec8"},        id_range{70, 70, "greek"},
    id_range{71, 71, "hebrew"},    id_range{72, 72, "hp8"},         id_range{73, 73, "keybcs2"},
    id_range{74, 74, "koi8r"},     id_range{75, 75, "koi8u"},       id_range{76, 76, "utf8mb3"},
    id_range{77, 77, "latin2"},    id_range{78, 78, "latin5"},      id_range{79, 79, "latin7"},
    id_range{80, 80, "cp850"},     id_range{81, 81, "cp852"},       id_range{82, 82, "swe7"},
    id_range{83, 83, "utf8mb3"},   id_range{84, 84, "big5"},        id_range{85, 85, "euckr"},
    id_range{86, 86, "gb2312"},    id_range{87, 87, "gbk"},         id_range{88, 88, "sjis"},
    id_range{89, 89, "tis620"},    id_range{90, 90, "ucs2"},        id_range{91, 91, "ujis"},
    id_range{92, 93, "geostd8"},   id_range{94, 94, "latin1"},      id_range{95, 96, "cp932"},
    id_range{97, 98, "eucjpms"},   id_range{99, 99, "cp1250"},      id_range{101, 124, "utf16"},
    id_range{128, 151, "ucs2"},    id_range{159, 159, "ucs2"},      id_range{160, 183, "utf32"},
    id_range{192, 215, "utf8mb3"}, id_range{223, 223, "utf8mb3"},   id_range{224, 247, "utf8mb4"},
    id_range{248, 250, "gb18030"}, id_range{255, 323, "utf8mb4"},   id_range{576, 578, "utf8mb3"},
    id_range{608, 610, "utf8mb4"}, id_range{640, 642, "ucs2"},      id_range{672, 674, "utf16"},
    id_range{736, 738, "utf32"},   id_range{2048, 2303, "utf8mb3"}, id_range{2304, 2559, "utf8mb4"},
    id_range{2560, 2815, "ucs2"},  id_range{2816, 3071, "utf16"},   id_range{3072, 3327, "utf32"},
};

/// MariaDB numbers a collation's NO PAD variant by adding this.
constexpr std::uint16_t no_pad_offset = 1024;
constexpr std::uint16_t no_pad_end = 2048;

struct named_kind {
    std::string_view character_set;
    multibyte_kind kind;
};

constexpr std::array named_kinds{
    named_kind{"big5", multibyte_kind::big5},
    named_kind{"gbk", multibyte_kind::gbk},
    named_kind{"gb18030", multibyte_kind::gb18030},
    named_kind{"sjis", multibyte_kind::sjis},
    named_kind{"cp932", multibyte_kind::cp932},
};

struct named_collation {
    std::string_view name;
    std::uint16_t id;
};

/// Source: INFORMATION_SCHEMA.COLLATIONS of both flavors.
constexpr std::array named_collations{
    named_collation{"utf8mb4_general_ci", 45},
    named_collation{"utf8mb4_bin", 46},
    named_collation{"utf8mb4_unicode_ci", 224},
    named_collation{"utf8mb4_unicode_520_ci", 246},
    named_collation{"utf8mb4_0900_ai_ci", 255},
    named_collation{"utf8mb4_0900_as_cs", 278},
    named_collation{"utf8mb4_0900_bin", 309},
    named_collation{"utf8mb3_general_ci", 33},
    named_collation{"utf8mb3_bin", 83},
    named_collation{"utf8mb3_unicode_ci", 192},
    named_collation{"latin1_swedish_ci", 8},
    named_collation{"latin1_bin", 47},
    named_collation{"latin1_general_ci", 48},
    named_collation{"ascii_general_ci", 11},
    named_collation{"ascii_bin", 65},
    named_collation{"binary", 63},
};

[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return ascii_lower(a) == ascii_lower(b);
    });
}

[[nodiscard]] constexpr bool is_between(
    std::uint8_t value, std::uint8_t first, std::uint8_t last
) noexcept {
    return value >= first && value <= last;
}

[[nodiscard]] constexpr std::size_t two_if(bool is_pair) noexcept {
    return is_pair ? 2 : 1;
}

}  // namespace

collation find_collation(std::uint16_t id) noexcept {
    const bool is_no_pad = id > no_pad_offset && id < no_pad_end;
    const std::uint16_t base = is_no_pad ? static_cast<std::uint16_t>(id - no_pad_offset) : id;
    const auto* const range =
        std::find_if(ranges.begin(), ranges.end(), [base](const id_range& candidate) {
            return base >= candidate.first && base <= candidate.last;
        });
    if (range == ranges.end()) return {id, {}, multibyte_kind::single_byte_or_utf8};
    return {id, range->character_set, multibyte_kind_of(range->character_set)};
}

std::uint16_t collation_named(std::string_view name) noexcept {
    const auto* const found = std::ranges::find_if(named_collations, [&](const auto& one) {
        return equal_ignoring_case(one.name, name);
    });
    return found == named_collations.end() ? 0 : found->id;
}

multibyte_kind multibyte_kind_of(std::string_view character_set) noexcept {
    for (const named_kind& candidate : named_kinds) {
        if (equal_ignoring_case(candidate.character_set, character_set)) return candidate.kind;
    }
    return multibyte_kind::single_byte_or_utf8;
}

std::size_t character_length(
    multibyte_kind kind, std::uint8_t first, std::uint8_t second
) noexcept {
    const bool is_low_trail = is_between(second, 0x40, 0x7E);
    switch (kind) {
        case multibyte_kind::single_byte_or_utf8: return 1;
        case multibyte_kind::big5:
            return two_if(
                is_between(first, 0xA1, 0xF9) && (is_low_trail || is_between(second, 0xA1, 0xFE))
            );
        case multibyte_kind::gbk:
            return two_if(
                is_between(first, 0x81, 0xFE) && (is_low_trail || is_between(second, 0x80, 0xFE))
            );
        case multibyte_kind::gb18030:
            if (!is_between(first, 0x81, 0xFE)) return 1;
            if (is_between(second, 0x30, 0x39)) return 4;
            return two_if(is_low_trail || is_between(second, 0x80, 0xFE));
        case multibyte_kind::sjis:
        case multibyte_kind::cp932: {
            const bool is_lead = is_between(first, 0x81, 0x9F) || is_between(first, 0xE0, 0xFC);
            return two_if(is_lead && (is_low_trail || is_between(second, 0x80, 0xFC)));
        }
    }
    return 1;
}

}  // namespace weir::protocol::mysql
