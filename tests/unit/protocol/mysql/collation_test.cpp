#include "protocol/mysql/collation.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

TEST(collation, is_found_by_a_name_that_clients_use) {
    EXPECT_EQ(collation_named("utf8mb4_bin"), 46);
    EXPECT_EQ(collation_named("UTF8MB4_0900_AI_CI"), 255);
    EXPECT_EQ(collation_named("utf8mb4_klingon_ci"), 0);
}

TEST(collation, knows_the_character_set_of_an_id) {
    const struct {
        std::uint16_t id;
        std::string_view character_set;
        multibyte_kind kind;
    } rows[] = {
        {1, "big5", multibyte_kind::big5},
        {8, "latin1", multibyte_kind::single_byte_or_utf8},
        {13, "sjis", multibyte_kind::sjis},
        {28, "gbk", multibyte_kind::gbk},
        {33, "utf8mb3", multibyte_kind::single_byte_or_utf8},
        {45, "utf8mb4", multibyte_kind::single_byte_or_utf8},
        {63, "binary", multibyte_kind::single_byte_or_utf8},
        {96, "cp932", multibyte_kind::cp932},
        {248, "gb18030", multibyte_kind::gb18030},
        {255, "utf8mb4", multibyte_kind::single_byte_or_utf8},
        {1025, "big5", multibyte_kind::big5},  // MariaDB's big5_chinese_nopad_ci
        {1069, "utf8mb4", multibyte_kind::single_byte_or_utf8},
        {2304, "utf8mb4", multibyte_kind::single_byte_or_utf8},
        {0, "", multibyte_kind::single_byte_or_utf8},
        {17, "", multibyte_kind::single_byte_or_utf8},
        {65535, "", multibyte_kind::single_byte_or_utf8},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(row.id);
        EXPECT_EQ(find_collation(row.id), (collation{row.id, row.character_set, row.kind}));
    }
}

TEST(collation, finds_a_character_set_by_name_in_any_case) {
    EXPECT_EQ(multibyte_kind_of("GBK"), multibyte_kind::gbk);
    EXPECT_EQ(multibyte_kind_of("gb2312"), multibyte_kind::single_byte_or_utf8);
}

TEST(collation, takes_an_ascii_trail_byte_with_its_character) {
    const struct {
        multibyte_kind kind;
        std::uint8_t first;
        std::uint8_t second;
        std::size_t length;
    } rows[] = {
        {multibyte_kind::single_byte_or_utf8, 0xE3, 0x5C, 1},
        {multibyte_kind::gbk, 0xBF, 0x5C, 2},
        {multibyte_kind::gbk, 0xBF, 0x27, 1},  // a quote is never part of a character
        {multibyte_kind::gbk, 0xBF, 0x00, 1},
        {multibyte_kind::gbk, 0x41, 0x5C, 1},
        {multibyte_kind::big5, 0xA5, 0x5C, 2},
        {multibyte_kind::big5, 0xA5, 0x80, 1},
        {multibyte_kind::sjis, 0x83, 0x5C, 2},
        {multibyte_kind::sjis, 0xB1, 0x5C, 1},  // half-width katakana is one byte
        {multibyte_kind::cp932, 0xFA, 0x5C, 2},
        {multibyte_kind::gb18030, 0x81, 0x30, 4},
        {multibyte_kind::gb18030, 0x81, 0x5C, 2},
        {multibyte_kind::gb18030, 0x81, 0x27, 1},
    };

    for (const auto& row : rows) {
        SCOPED_TRACE(testing::Message() << int{row.first} << ' ' << int{row.second});
        EXPECT_EQ(character_length(row.kind, row.first, row.second), row.length);
    }
}

}  // namespace
}  // namespace weir::protocol::mysql
