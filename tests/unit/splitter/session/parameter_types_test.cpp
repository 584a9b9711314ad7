#include "splitter/session/parameter_types.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace weir::splitter {
namespace {

using enum parameter_class;

TEST(parameter_types, stay_or_are_renewed_together) {
    const struct {
        std::string_view name;
        parameter_classes before;
        parameter_classes derived;
        parameter_classes values;
        parameter_classes after;
    } rows[]{
        {"the same types", {integer, text}, {text, text}, {integer, text}, {integer, text}},
        {"a text without a character set at one with", {text}, {text}, {binary}, {text}},
        {"and the other way", {binary}, {text}, {text}, {binary}},
        {"another type", {integer}, {text}, {floating}, {floating}},
        {"a text is taken as the number", {integer}, {text}, {text}, {integer}},
        {"a number is not taken as the text", {text}, {text}, {integer}, {integer}},
        {"an integer as a decimal", {decimal}, {text}, {integer}, {decimal}},
        {"a decimal not as an integer", {integer}, {text}, {decimal}, {decimal}},
        {"signs differ", {unsigned_integer}, {unsigned_integer}, {integer}, {integer}},
        {"NULL leaves the type", {integer}, {text}, {null}, {integer}},
        {"NULL gets back its own", {integer, integer}, {text, date}, {null, date}, {text, date}},
        {"taken otherwise, and renewed",
         {floating, integer},
         {text, text},
         {integer, floating},
         {integer, floating}},
        {"a date at a time", {time}, {time}, {date}, {date}},
        {"a time at a date and time", {datetime}, {text}, {time}, {datetime}},
        {"a float at a date", {date}, {text}, {floating}, {datetime}},
        {"a text at a number beside what is renewed",
         {integer, date},
         {text, text},
         {text, datetime},
         {integer, datetime}},
        {"a number at a time beside what is renewed",
         {time, integer},
         {text, text},
         {floating, floating},
         {time, floating}},
        {"a fraction as text at an integer", {integer}, {text}, {fraction}, {decimal}},
        {"and at a float", {floating}, {text}, {fraction}, {floating}},
        {"what is not known", {other}, {other}, {floating}, {other}},
        {"a value of an unknown type", {integer}, {integer}, {other}, {integer}},
    };

    for (const auto& row : rows) {
        EXPECT_EQ(taken_after(row.before, row.derived, row.values), row.after) << row.name;
        EXPECT_TRUE(are_taken_so_after(row.before, row.derived, row.values, row.after)) << row.name;
        EXPECT_EQ(taken_after(row.after, row.derived, row.values), row.after)
            << row.name << ": a second time";
        parameter_classes wrong = row.after;
        wrong.back() = wrong.back() == date ? text : date;
        EXPECT_FALSE(are_taken_so_after(row.before, row.derived, row.values, wrong)) << row.name;
    }
}

TEST(parameter_types, can_be_had_by_a_run_if_it_renews_them) {
    EXPECT_TRUE(can_be_had_by_a_run(
        parameter_classes{text}, parameter_classes{text}, parameter_classes{integer}
    ));
    EXPECT_FALSE(can_be_had_by_a_run(
        parameter_classes{integer}, parameter_classes{text}, parameter_classes{text}
    )) << "a text is taken";
    EXPECT_FALSE(can_be_had_by_a_run(
        parameter_classes{integer, text},
        parameter_classes{text, text},
        parameter_classes{text, integer}
    ));
    EXPECT_TRUE(can_be_had_by_a_run(
        parameter_classes{text, text},
        parameter_classes{text, text},
        parameter_classes{text, integer}
    ));
    EXPECT_FALSE(can_be_had_by_a_run(
        parameter_classes{text}, parameter_classes{text}, parameter_classes{text}
    )) << "nothing is renewed";
}

TEST(parameter_types, are_read_from_those_of_the_protocol) {
    constexpr std::uint8_t type_null = 6;
    constexpr std::uint8_t type_longlong = 8;
    constexpr std::uint8_t type_newdecimal = 246;
    constexpr std::uint8_t type_blob = 252;
    constexpr std::uint8_t type_var_string = 253;
    constexpr std::uint8_t type_geometry = 255;
    EXPECT_EQ(class_of(type_null, false), null);
    EXPECT_EQ(class_of(type_longlong, false), integer);
    EXPECT_EQ(class_of(type_longlong, true), unsigned_integer);
    EXPECT_EQ(class_of(type_newdecimal, false), decimal);
    EXPECT_EQ(class_of(type_blob, false), binary);
    EXPECT_EQ(class_of(type_var_string, false), text);
    EXPECT_EQ(class_of(type_geometry, false), other);
}

}  // namespace
}  // namespace weir::splitter
