#include "splitter/sql/get_diagnostics.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir::splitter {
namespace {

std::string name_of(filled_variable::kind what) {
    using kind = filled_variable::kind;
    if (what == kind::text) return ":text";
    return what == kind::number ? ":number" : ":unsigned";
}

/// "n:number m:text"; "none" if it is not understood.
std::string variables_in_words(std::string_view text) {
    const auto filled = variables_of_diagnostics(text, {});
    if (!filled) return "none";
    std::string words;
    for (const auto& one : *filled)
        words += (words.empty() ? "" : " ") + one.name + name_of(one.what);
    return words;
}

TEST(get_diagnostics, names_the_variables_that_it_fills) {
    const struct {
        std::string_view text;
        std::string_view expected;
    } rows[] = {
        {"GET DIAGNOSTICS @n = NUMBER", "n:unsigned"},
        {"get current diagnostics @N=number , @`r`=ROW_COUNT;", "n:unsigned r:number"},
        {"GET DIAGNOSTICS CONDITION 1 @s = RETURNED_SQLSTATE, @'e' = MYSQL_ERRNO, @m=MESSAGE_TEXT",
         "s:text e:unsigned m:text"},
        {"GET /* c */ DIAGNOSTICS CONDITION 2 @x = TABLE_NAME -- end", "x:text"},
        {"GET STACKED DIAGNOSTICS @n = NUMBER", "none"},
        {"GET DIAGNOSTICS CONDITION @i @n = MYSQL_ERRNO", "none"},
        {"GET DIAGNOSTICS n = NUMBER", "none"},
        {"GET DIAGNOSTICS @n := NUMBER", "none"},
        {"GET DIAGNOSTICS @`a``b` = NUMBER", "none"},
        {"GET DIAGNOSTICS @n = NUMBER,", "none"},
        {"GET DIAGNOSTICS", "none"},
        {"SELECT @n = NUMBER", "none"},
    };

    for (const auto& row : rows)
        EXPECT_EQ(variables_in_words(row.text), row.expected) << row.text;
}

}  // namespace
}  // namespace weir::splitter
