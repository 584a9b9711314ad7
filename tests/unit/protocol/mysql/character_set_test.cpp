#include "protocol/mysql/character_set.hpp"

#include <gtest/gtest.h>

namespace weir::protocol::mysql {
namespace {

TEST(character_set, has_its_flavors_default_collation) {
    const struct {
        std::string_view name;
        server_flavor flavor;
        character_set expected;
    } rows[] = {
        {"latin1", server_flavor::mysql, {8, 1}},
        {"LATIN1", server_flavor::mariadb, {8, 1}},
        {"gbk", server_flavor::mysql, {28, 2}},
        {"utf8mb3", server_flavor::mysql, {33, 3}},
        {"utf8mb4", server_flavor::mysql, {255, 4}},
        {"utf8mb4", server_flavor::mariadb, {45, 4}},
        {"unheard_of", server_flavor::mariadb, {45, 4}},
        {"", server_flavor::mysql, {255, 4}},
    };

    for (const auto& row : rows)
        EXPECT_EQ(find_character_set(row.name, row.flavor), row.expected) << row.name;
}

}  // namespace
}  // namespace weir::protocol::mysql
