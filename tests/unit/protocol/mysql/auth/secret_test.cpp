#include "protocol/mysql/auth/secret.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <utility>

namespace weir::protocol::mysql::auth {
namespace {

template <class Value>
concept printable = requires(std::ostream& out, const Value& value) {
    out << value;
};

TEST(secret, cannot_be_printed) {
    EXPECT_FALSE(printable<secret>);
}

TEST(secret, keeps_text_until_it_is_wiped) {
    secret word("word");
    EXPECT_EQ(word.text(), "word");
    EXPECT_TRUE(word == secret("word"));
    EXPECT_FALSE(word == secret("lord"));
    EXPECT_FALSE(word == secret("words"));
    word.wipe();
    EXPECT_TRUE(word.empty());
}

TEST(secret, leaves_nothing_behind_when_moved) {
    secret source("word");
    secret target(std::move(source));
    EXPECT_TRUE(source.empty());  // NOLINT(bugprone-use-after-move): the claim is about just that
    EXPECT_EQ(target.text(), "word");
    source = std::move(target);
    EXPECT_TRUE(target.empty());  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(source.text(), "word");
}

TEST(secret, wipes_bytes_in_place) {
    std::array<std::byte, 4> bytes{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
    wipe(bytes);
    EXPECT_EQ(bytes, (std::array<std::byte, 4>{}));
}

}  // namespace
}  // namespace weir::protocol::mysql::auth
