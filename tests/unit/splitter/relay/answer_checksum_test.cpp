#include "splitter/relay/answer_checksum.hpp"

#include "tests/support/session_script.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>
#include <vector>

namespace weir::splitter {
namespace {

using namespace weir::test;  // the whole file speaks the script's language

byte_vector rows(std::initializer_list<std::string_view> values, status_set status = idle) {
    std::vector<byte_vector> packets{bytes({1}), definition_payload()};
    for (const std::string_view value : values)
        packets.push_back(text_row_payload(value));
    packets.push_back(ok_payload(status, 0xFE));
    return frames_of(packets);
}

std::optional<answer_checksum> of(const byte_vector& answer) {
    return checksum_of(view(answer), session_capabilities);
}

TEST(answer_checksum, tells_different_answers_apart) {
    struct row {
        const char* name;
        byte_vector one;
        byte_vector other;
        bool equal;
    };

    const std::vector<row> table{
        {"the same rows", rows({"a", "b"}), rows({"a", "b"}), true},
        {"in another order", rows({"a", "b"}), rows({"b", "a"}), true},
        {"in a transaction", rows({"a"}), rows({"a"}, in_transaction), true},
        {"another row", rows({"a", "b"}), rows({"a", "c"}), false},
        {"one more", rows({"a"}), rows({"a", "a"}), false},
        {"none", rows({}), rows({"a"}), false},
        {"an error", error_answer(1146), rows({}), false},
        {"the same error in other words", error_answer(1146, "x"), error_answer(1146, "y"), true},
        {"another error", error_answer(1146), error_answer(1054), false},
    };
    for (const row& each : table) {
        SCOPED_TRACE(each.name);
        ASSERT_TRUE(of(each.one));
        ASSERT_TRUE(of(each.other));
        EXPECT_EQ(of(each.one) == of(each.other), each.equal);
    }
}

TEST(answer_checksum, needs_a_whole_answer) {
    byte_vector cut = rows({"a", "b"});
    cut.pop_back();
    EXPECT_FALSE(of(cut));
    EXPECT_FALSE(of({}));
}

}  // namespace
}  // namespace weir::splitter
