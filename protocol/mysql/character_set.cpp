#include "protocol/mysql/character_set.hpp"

#include "protocol/mysql/ascii_lower.hpp"

#include <algorithm>
#include <array>

namespace weir::protocol::mysql {
namespace {

struct named_set {
    std::string_view name;
    character_set shape;
};

/// Source: INFORMATION_SCHEMA.CHARACTER_SETS of both flavors, which agree but for utf8mb4.
constexpr std::array sets{
    named_set{"ascii", {11, 1}},   named_set{"big5", {1, 2}},    named_set{"binary", {63, 1}},
    named_set{"cp1250", {26, 1}},  named_set{"cp1251", {51, 1}}, named_set{"cp932", {95, 2}},
    named_set{"eucjpms", {97, 3}}, named_set{"euckr", {19, 2}},  named_set{"gb18030", {248, 4}},
    named_set{"gb2312", {24, 2}},  named_set{"gbk", {28, 2}},    named_set{"greek", {25, 1}},
    named_set{"hebrew", {16, 1}},  named_set{"koi8r", {7, 1}},   named_set{"koi8u", {22, 1}},
    named_set{"latin1", {8, 1}},   named_set{"latin2", {9, 1}},  named_set{"latin5", {30, 1}},
    named_set{"latin7", {41, 1}},  named_set{"sjis", {13, 2}},   named_set{"tis620", {18, 1}},
    named_set{"ujis", {12, 3}},    named_set{"utf8", {33, 3}},   named_set{"utf8mb3", {33, 3}},
};

constexpr character_set utf8mb4_of_mysql{255, 4};
constexpr character_set utf8mb4_of_mariadb{45, 4};

}  // namespace

character_set find_character_set(std::string_view name, server_flavor flavor) noexcept {
    const auto* const found = std::ranges::find_if(sets, [&](const named_set& one) {
        return std::ranges::equal(one.name, name, {}, {}, ascii_lower);
    });
    if (found != sets.end()) return found->shape;
    return flavor == server_flavor::mysql ? utf8mb4_of_mysql : utf8mb4_of_mariadb;
}

}  // namespace weir::protocol::mysql
